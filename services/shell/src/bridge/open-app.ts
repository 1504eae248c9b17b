import { openAppRoute, useAppStorageRoute as appStorageRoute } from "@matrix-os/contracts/api/app";
import type { AppManifest } from "@matrix-os/contracts/app/manifest";
import { toFailure } from "../live/failure.ts";
import { call } from "../live/rest.ts";
import { LOCAL_STORAGE_KEY, toLocalTexts } from "./frame-data.ts";

/** An app as its window needs it. */
export interface OpenedApp {
  readonly url: string;
  readonly manifest: AppManifest;
  readonly local: Readonly<Record<string, string>>;
}

/** What an app without storage, or without anything stored, answers. */
const meansEmpty = new Set(["denied", "not-found"]);
const passing = new Set(["busy", "timed-out", "no-responder", "bus-down"]);
const ATTEMPTS = 4;
const RETRY_MS = 500;

/** Opens an app for one window. Errors: `RequestError`. */
export async function openApp(app: string): Promise<OpenedApp> {
  const [{ url, manifest }, local] = await Promise.all([call(openAppRoute, { params: { app } }), readLocal(app)]);
  return { url, manifest, local };
}

/** What the app keeps in its stand-in for localStorage. Never empty by mistake: the app would write over what it had. */
async function readLocal(app: string): Promise<Readonly<Record<string, string>>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const body = { do: "get", key: LOCAL_STORAGE_KEY } as const;
      return toLocalTexts((await call(appStorageRoute, { params: { app }, body })).value);
    } catch (error) {
      const { code } = toFailure(error);
      if (meansEmpty.has(code)) return {};
      if (!passing.has(code) || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS * attempt));
    }
  }
}
