import { z } from "zod";
import { homePath } from "../values.ts";

/** What an app may ask its shell for; anything else is refused at the bridge. */
export const appPermission = z.enum(["storage", "sql", "files", "notifications", "ask"]);

/** The folder name of an app, `apps/<app>/`. */
export const appName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be lower case letters, digits and dashes");

/** `apps/<app>/app.json`. Unknown keys are kept for the app's own use. */
export const appManifest = z.looseObject({
  name: z.string().min(1).max(80),
  /** One emoji. */
  icon: z.string().max(16).default("📦"),
  entry: homePath.default("index.html"),
  description: z.string().max(300).default(""),
  version: z.string().max(40).default("1.0.0"),
  permissions: z.array(appPermission).max(10).default(["storage"]),
  /** SQL statements that bring the app's database from one version to the next; run once each, in order. */
  migrations: z.array(z.string().max(20_000)).max(100).default([]),
});

/** An app's manifest with defaults filled in. */
export type AppManifest = z.infer<typeof appManifest>;
/** What an app may ask for. */
export type AppPermission = z.infer<typeof appPermission>;
