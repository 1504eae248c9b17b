import type { queryAppDataRequest } from "@matrix-os/contracts/file/query-app-data.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Runs one statement on an app's own database, after the migrations of its manifest. */
export function queryAppData(
  request: z.infer<typeof queryAppDataRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof queryAppDataRequest.reply>> {
  return deps.onDisk(`data/${request.app}`, async () => {
    const place = deps.apps.findDatabase(request.app);
    return (await deps.databases.run(request.app, place, { do: "query", statement: request.statement })) as z.infer<
      typeof queryAppDataRequest.reply
    >;
  });
}
