import { type AppManifest, appManifest } from "@matrix-os/contracts/app/manifest";

/** The manifest of an app; with a problem, what can still be told of it. */
export interface ReadManifest {
  readonly manifest: AppManifest;
  /** Why the app can't be opened. */
  readonly problem?: string;
}

/** Reads an app.json; `undefined`: there is none. */
export function readManifest(app: string, text: string | undefined): ReadManifest {
  const nameOnly = appManifest.parse({ name: app });
  if (text === undefined) return { manifest: nameOnly, problem: "app.json is missing" };
  const value = parse(text);
  if (value === undefined) return { manifest: nameOnly, problem: "app.json is not valid JSON" };
  const parsed = appManifest.safeParse(value);
  if (parsed.success) return { manifest: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    manifest: nameOnly,
    problem: `app.json: ${issue?.path.join(".") || "it"}: ${issue?.message ?? "does not fit"}`,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
