import fs from "node:fs";
import { exportActivityRequest } from "@matrix-os/contracts/file/export-activity.request";
import { readActivityRequest } from "@matrix-os/contracts/file/read-activity.request";
import { verifyActivityRequest } from "@matrix-os/contracts/file/verify-activity.request";
import { expect, test } from "vitest";
import { exportActivity } from "../src/on-request/export-activity.ts";
import { readActivity } from "../src/on-request/read-activity.ts";
import { verifyActivity } from "../src/on-request/verify-activity.ts";
import { openTestHome } from "./parts/test-home.ts";

test("changes of files and of settings stand in the activity log, which is whole after a restart", async () => {
  await using home = await openTestHome();
  await home.put("notes/a.md", "one");
  await home.put("system/config.json", '{"model":"x"}');
  await home.restart();
  const read = async (kind: string) =>
    (await home.ask(readActivityRequest, readActivity, { kind })).lines.map(({ summary }) => summary);
  expect(await read("file")).toContain("owner changed notes/a.md");
  expect(await read("config")).toEqual(["owner changed system/config.json"]);
  const check = await home.ask(verifyActivityRequest, verifyActivity, {});
  expect(check).toMatchObject({ days: 1, checkedAt: expect.any(String) });
  expect(check.broken).toBeUndefined();
  const { lines } = await home.ask(exportActivityRequest, exportActivity, {});
  expect(lines.length).toBe(check.lines);
});

test("a log that was changed while stopped is told at the start, and the owner's line of it stays", async () => {
  await using home = await openTestHome();
  await home.put("a.md", "one");
  await home.put("b.md", "two");
  await home.stop();
  const [name = ""] = fs.readdirSync(home.at("system/activity"));
  const text = fs.readFileSync(home.at("system/activity", name), "utf8");
  fs.writeFileSync(home.at("system/activity", name), text.replace("a.md", "x.md"));
  await home.start();
  const known = await home.ask(verifyActivityRequest, verifyActivity, { check: "known" });
  expect(known.broken).toMatchObject({ reason: "does not go on from the line before" });
  const { lines } = await home.ask(readActivityRequest, readActivity, { kind: "problem" });
  expect(lines.at(-1)?.summary).toMatch(/^the activity log was changed: \d{4}-\d\d-\d\d line \d+ does not go on/);
  expect((await home.ask(verifyActivityRequest, verifyActivity, {})).broken).toEqual(known.broken);
});
