import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, it } from "vitest";

const JOURNAL = "system/sessions/s_1/turns/t.jsonl";
let synced: Record<string, string[]>;

beforeAll(async () => {
  const probe = join(import.meta.dirname, "parts", "barrier-probe.ts");
  const { stdout } = await promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", probe]);
  synced = JSON.parse(stdout) as Record<string, string[]>;
});

/** What must be on the disk before a request is answered: a power cut right after the answer takes none of it back. */
const barriers: readonly { readonly request: string; readonly paths: readonly string[] }[] = [
  { request: "store", paths: ["staged", "system/inbox/day", "system/open"] },
  { request: "open", paths: [JOURNAL, "system/sessions/s_1/turns", "system/sessions/s_1", "system/sessions"] },
  { request: "append", paths: [JOURNAL] },
  { request: "stop", paths: ["system/open"] },
  { request: "finish", paths: [JOURNAL, "system/sessions/s_1/transcript.jsonl", "staged", "system/outbox/x"] },
  { request: "write", paths: ["staged", "notes/new", "notes"] },
];

it.each(barriers)("$request is answered after $paths are on the disk", ({ request, paths }) => {
  expect(synced[request]).toEqual(expect.arrayContaining([...paths]));
});
