import { openAppRoute, useAppStorageRoute as appStorageRoute } from "@matrix-os/contracts/api/app";
import type { AppManifest } from "@matrix-os/contracts/app/manifest";
import { call } from "../live/rest.ts";
import { LOCAL_STORAGE_KEY, toLocalTexts } from "./frame-data.ts";

/** An app as its window needs it. */
export interface OpenedApp {
  readonly url: string;
  readonly manifest: AppManifest;
  readonly local: Readonly<Record<string, string>>;
}

/** Opens an app for one window. Errors: `RequestError`. */
export async function openApp(app: string): Promise<OpenedApp> {
  const params = { app };
  const [{ url, manifest }, local] = await Promise.all([
    call(openAppRoute, { params }),
    // An app without storage still opens.
    call(appStorageRoute, { params, body: { do: "get", key: LOCAL_STORAGE_KEY } }).then(
      ({ value }) => toLocalTexts(value),
      () => ({}),
    ),
  ]);
  return { url, manifest, local };
}
