import { fieldEdits, isOwnApp, renameEdits, styleSheetEdits, themeEdits } from "../../page/html-edits.ts";
import { manifestText, readManifest } from "../../page/manifest.ts";
import type { Manifest } from "../../page/manifest.ts";
import { withReplacements } from "../../page/replacement.ts";
import type { Replacement } from "../../page/replacement.ts";
import {
  foreignThemeStyle,
  ownThemeStyle,
  readThemeSettings,
  themeFileName,
  withChange,
} from "../../page/theme-style.ts";
import type { AppChange, Intent } from "../../understand/intent.ts";
import { touch } from "../desk.ts";
import type { Desk } from "../desk.ts";
import { attempt, call, isPartial, TaskFailed, textOf, use, useAll } from "../script.ts";
import type { Script, ToolCall } from "../script.ts";
import { locateApp } from "./locate-app.ts";

type Of<Kind extends AppChange["kind"]> = Extract<AppChange, { kind: Kind }>;

/** An app as it was read. */
interface OpenApp {
  folder: string;
  page: { path: string; html: string };
  manifest: Manifest | undefined;
}

/** Changes an app of any make: reads its page, edits it, and writes what else it takes. */
export function* changeApp({ app: reference, change }: Extract<Intent, { kind: "change-app" }>, desk: Desk): Script {
  const folder = `apps/${yield* locateApp(reference, desk)}`;
  const app = yield* openApp(folder);
  const headline = yield* applyChange(app, change);
  touch(desk, `${folder}/`);
  return { succeeded: true, headline, detail: `${folder}/` };
}

function* openApp(folder: string): Script<OpenApp> {
  const pageCall = call("read_file", { path: `${folder}/index.html` });
  const manifestCall = call("read_file", { path: `${folder}/app.json` });
  const [page, manifestFile] = yield { say: `I read ${folder}/.`, calls: [pageCall, manifestCall] };
  const manifest = manifestFile && !manifestFile.isError ? readManifest(manifestFile.text) : undefined;
  const entry = manifest?.entry?.replace(/^\.?\//, "") || "index.html";
  const path = `${folder}/${entry}`;
  const html = entry === "index.html" ? textOf(page, pageCall) : yield* use(call("read_file", { path }));
  return { folder, page: { path, html }, manifest };
}

function* applyChange(app: OpenApp, change: AppChange): Script<string> {
  switch (change.kind) {
    case "rename":
      return yield* rename(app, change);
    case "field":
      return yield* addField(app, change);
    case "theme":
    case "accent":
    case "text-size":
      return yield* changeAppearance(app, change);
  }
}

function* rename(app: OpenApp, { name }: Of<"rename">): Script<string> {
  const { folder, manifest, page } = app;
  const edits = (html: string): Replacement[] => renameEdits(html, name);
  const manifestWrite =
    manifest && call("write_file", { path: `${folder}/app.json`, content: manifestText(manifest, { name }) });
  if (edits(page.html).length === 0 && !manifestWrite)
    throw new TaskFailed(`I find no title to change in ${page.path}`);
  yield* editPage(app, { edits, beside: manifestWrite ? [manifestWrite] : [] });
  return `The app is now called ${name}`;
}

function* addField(app: OpenApp, { label }: Of<"field">): Script<string> {
  const { page } = app;
  const edits = (html: string): Replacement[] => fieldEdits(html, label);
  if (edits(page.html).length === 0) return `There is a field «${label}» already`;
  yield* editPage(app, { edits, beside: [] });
  if (isOwnApp(page.html)) return `New entries have a field «${label}» now`;
  return `The form has a field «${label}» now; whether its value is kept depends on the app's own script, which I left alone`;
}

function* changeAppearance(app: OpenApp, change: Of<"theme"> | Of<"accent"> | Of<"text-size">): Script<string> {
  const { folder, page } = app;
  const own = isOwnApp(page.html);
  if (own && change.kind === "theme") {
    yield* editPage(app, { edits: (html) => themeEdits(html, change.theme), beside: [] });
    return `The app is ${change.theme} now`;
  }
  const stylePath = `${folder}/${themeFileName}`;
  const existing = page.html.includes(themeFileName)
    ? yield* attempt(call("read_file", { path: stylePath }))
    : undefined;
  const settings = withChange(existing && !existing.isError ? readThemeSettings(existing.text) : {}, change);
  const content = own ? ownThemeStyle(settings) : foreignThemeStyle(settings);
  const styleWrite = call("write_file", { path: stylePath, content });
  yield* editPage(app, { edits: (html) => styleSheetEdits(html, themeFileName), beside: [styleWrite] });
  return appearanceHeadline(change);
}

function appearanceHeadline(change: Of<"theme"> | Of<"accent"> | Of<"text-size">): string {
  switch (change.kind) {
    case "theme":
      return `The app is ${change.theme} now`;
    case "accent":
      return `The accent colour is ${change.colour} now`;
    case "text-size":
      return `The text is ${change.direction} now`;
  }
}

interface PageChange {
  /** The edits for a page; called again when the page turned out to be different. */
  edits: (html: string) => Replacement[];
  /** Writes that belong to the same change. */
  beside: ToolCall[];
}

/** Edits the page. When the edit does not fit, the page is read once more and written as a whole. */
function* editPage({ page: { path, html } }: OpenApp, { edits, beside }: PageChange): Script<void> {
  const replacements = edits(html);
  const edit = replacements.length > 0 ? [call("edit_file", { path, replacements })] : [];
  const calls = [...beside, ...edit];
  if (calls.length === 0) return;
  const results = yield { say: "I change it.", calls };
  const failed = calls.filter((_, index) => results[index]?.isError);
  if (failed.length === 0) return;
  const [failedEdit] = failed.filter((toolCall) => edit.includes(toolCall));
  const retries = failed.filter((toolCall) => toolCall !== failedEdit);
  if (failedEdit) {
    const fresh = yield* use(call("read_file", { path }), "The page is different from what I read; I look again.");
    if (isPartial(fresh)) throw new TaskFailed(`${path} is too long for me to change`);
    retries.push(call("write_file", { path, content: withReplacements(fresh, edits(fresh)) }));
  }
  yield* useAll(retries);
}
