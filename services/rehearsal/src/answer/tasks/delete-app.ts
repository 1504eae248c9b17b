import type { Intent } from "../../understand/intent.ts";
import type { Desk } from "../desk.ts";
import { call, use } from "../script.ts";
import type { Script } from "../script.ts";
import { locateApp } from "./locate-app.ts";

/** Deletes an app's folder; its data stays. */
export function* deleteApp({ app }: Extract<Intent, { kind: "delete-app" }>, desk: Desk): Script {
  const folder = `apps/${yield* locateApp(app, desk)}`;
  yield* use(call("delete_file", { path: folder }), `I delete ${folder}/.`);
  delete desk.currentApp;
  return { succeeded: true, headline: `I deleted ${folder}/`, detail: "Say «undo» to get it back." };
}
