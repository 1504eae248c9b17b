import { queryAppDataRequest } from "@matrix-os/contracts/file/query-app-data.request";
import { useAppStorageRequest } from "@matrix-os/contracts/file/use-app-storage.request";
import type { Respond } from "./respond.ts";

/** Key-value storage in memory, and a database that answers with what it was asked. */
export function answerAppData(respond: Respond): void {
  const storage = new Map<string, string>();
  respond(useAppStorageRequest, ({ app, operation }) => {
    if (operation.do === "keys") {
      return {
        keys: [...storage.keys()].flatMap((key) => (key.startsWith(`${app} `) ? [key.slice(app.length + 1)] : [])),
      };
    }
    const key = `${app} ${operation.key}`;
    if (operation.do === "set") storage.set(key, operation.json);
    if (operation.do === "delete") storage.delete(key);
    const json = operation.do === "get" ? storage.get(key) : undefined;
    return json === undefined ? {} : { json };
  });
  respond(queryAppDataRequest, ({ app, statement }) => ({
    rows: [{ app, ...statement }],
    changedRows: 0,
    truncated: false,
  }));
}
