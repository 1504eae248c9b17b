import type { useAppStorageRequest } from "@matrix-os/contracts/file/use-app-storage.request";
import type { z } from "zod";
import type { FileDeps } from "../deps.ts";

/** Reads or writes the key-value storage of an app, in the app's own database. */
export function useAppStorage(
  request: z.infer<typeof useAppStorageRequest.request>,
  deps: FileDeps,
): Promise<z.infer<typeof useAppStorageRequest.reply>> {
  return deps.onDisk(`data/${request.app}`, async () => {
    const place = deps.apps.findDatabase(request.app);
    return (await deps.databases.run(request.app, place, { do: "storage", operation: request.operation })) as z.infer<
      typeof useAppStorageRequest.reply
    >;
  });
}
