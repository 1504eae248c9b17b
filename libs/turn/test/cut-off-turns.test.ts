import type { Bus } from "@matrix-os/bus";
import { rejected, unavailable } from "@matrix-os/contracts/errors";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { previewRequest } from "@matrix-os/contracts/file/preview.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { expect, test } from "vitest";
import { readCommandHosts } from "../src/command-hosts.ts";
import { compact } from "../src/compact.ts";
import { findHosts } from "../src/find-hosts.ts";
import { runTurn } from "../src/run-turn.ts";
import { splitText } from "../src/split-text.ts";
import { message, say, setTurnStage, text, toDeps, use } from "./turn-stage.ts";

test("a call that a crash cut off is made again, and a refusal says that it may have happened before", async () => {
  await using stage = await setTurnStage();
  await using _preview = await stage.answer(previewRequest, () => ({ paths: ["a"], pathCount: 1, deletedBefore: 0 }));
  const began = Promise.withResolvers<void>();
  const crash = Promise.withResolvers<never>();
  const dying: Bus = {
    ...stage.bus,
    request: async (contract, body, options) => {
      if ((contract as unknown) !== deleteRequest) return await stage.bus.request(contract, body, options);
      began.resolve();
      return await crash.promise;
    },
  };
  const calls = () => say(use("a", "delete_file", { path: "a" }));
  // Nothing comes of this worker any more.
  void runTurn(message, toDeps(dying, [calls])).catch(() => undefined);
  await began.promise;
  await using _delete = await stage.answer(deleteRequest, () => {
    throw rejected("not-found", "a is not there");
  });
  expect(await runTurn(message, toDeps(stage.bus, [() => say(text("ok"))]))).toMatchObject({ status: "done" });
  const results = stage.journal.flatMap((record) => (record.kind === "tool.result" ? [record] : []));
  expect(results).toHaveLength(1);
  expect(results[0]).toMatchObject({
    isError: false,
    text: expect.stringContaining("may have been done then") as string,
  });
});

test("calls beyond the limit of a turn are refused, not made", async () => {
  await using stage = await setTurnStage();
  const deps = toDeps(stage.bus, [() => say(use("a", "read_file", { path: "a" })), () => say(text("ok"))]);
  const limits = { ...deps.limits, toolCalls: 0 };
  expect(await runTurn(message, { ...deps, limits })).toMatchObject({ status: "done" });
  const results = stage.journal.flatMap((record) => (record.kind === "tool.result" ? [record.text] : []));
  expect(results).toEqual(["A turn may make 0 tool calls; that is used up."]);
});

test("hosts for commands are those of the owner's file; one that is damaged or missing opens none, one that can't be had is an error", async () => {
  await using stage = await setTurnStage();
  let content = '{"network":{"allow":["example.org"]}}';
  let trouble: Error | undefined;
  await using _read = await stage.answer(readRequest, () => {
    if (trouble !== undefined) throw trouble;
    return { ...readRequest.example.reply, content };
  });
  expect(await readCommandHosts(stage.bus)).toEqual(["example.org"]);
  content = '{"network":{"allow":"everything"}}';
  expect(await readCommandHosts(stage.bus)).toEqual([]);
  content = "{";
  expect(await readCommandHosts(stage.bus)).toEqual([]);
  trouble = rejected("not-found", "none");
  expect(await readCommandHosts(stage.bus)).toEqual([]);
  trouble = unavailable("disk-failed", "broken disk");
  await expect(readCommandHosts(stage.bus)).rejects.toMatchObject({ code: "disk-failed" });
});

test("hosts are found as the owner names them, with and without a scheme", () => {
  expect(findHosts("read example.org and https://docs.example.com:8443/x")).toEqual(
    expect.arrayContaining(["example.org", "docs.example.com"]),
  );
  expect(findHosts("nothing here")).toEqual([]);
});

test("a text without seams is parted at its length, never inside a letter", () => {
  expect(splitText("a".repeat(25), 10).map(({ length }) => length)).toEqual([10, 10, 5]);
  const parts = splitText("😀".repeat(9), 5);
  expect(parts.join("")).toBe("😀".repeat(9));
  for (const part of parts) expect(part.isWellFormed()).toBe(true);
});

test("a fault of ours while a summary is made is not hidden behind the extract", async () => {
  const messages = [{ role: "user" as const, content: [text("x".repeat(4_000))] }];
  const history = { summary: undefined, exchanges: [{ arrival: 1, place: 2, messages, tokens: 5_000 }] };
  const ask = async () => {
    throw new TypeError("ours");
  };
  await expect(compact(history, { maxTokens: 100, ask })).rejects.toThrow("ours");
});

test("moving many files is asked about by what would move", async () => {
  await using stage = await setTurnStage();
  const asked: unknown[] = [];
  await using _preview = await stage.answer(previewRequest, ({ paths }) => {
    asked.push(paths);
    return { paths: ["system/soul.md"], pathCount: 1, deletedBefore: 0, entry: "e_1" };
  });
  const move = () => say(use("a", "move_file", { from: "system/soul.md", to: "notes/soul.md" }));
  expect(await runTurn(message, toDeps(stage.bus, [move]))).toMatchObject({ status: "resting" });
  expect(asked).toContainEqual(["system/soul.md"]);
  const questions = stage.journal.flatMap((record) => (record.kind === "ask" ? [record.target] : []));
  expect(questions).toHaveLength(1);
  expect(questions[0]).toContain("entry e_1");
});

test("a command is judged by the hosts that it could reach and by whose words lie before it", async () => {
  await using stage = await setTurnStage();
  const previews: unknown[] = [];
  await using _preview = await stage.answer(previewRequest, ({ paths }) => {
    previews.push(paths);
    return { paths: [], pathCount: 0, taint: ["web" as const] };
  });
  await using _read = await stage.answer(readRequest, () => ({
    ...readRequest.example.reply,
    content: '{"network":{"allow":["example.org"]}}',
  }));
  const run = () => say(use("a", "run_command", { command: "make" }));
  await runTurn({ ...message, taint: ["web"] }, toDeps(stage.bus, [run, () => say(text("ok"))]));
  expect(previews).toContainEqual(["data/scratch"]);
  const questions = stage.journal.flatMap((record) => (record.kind === "ask" ? [record] : []));
  expect(questions).toHaveLength(1);
  expect(JSON.stringify(questions[0]?.words)).toContain("example.org");
});

test("the context of a question stands before it, and a failing turn may wait by its own clock", async () => {
  await using stage = await setTurnStage();
  const seen: string[] = [];
  const fails = () => {
    throw unavailable("model-overloaded", "busy", { retryAfterMs: 20 });
  };
  const answers = ({ messages }: { messages: unknown }) => {
    seen.push(JSON.stringify(messages));
    return say(text("ok"));
  };
  const { pause: _, ...deps } = toDeps(stage.bus, [fails, fails, answers]);
  expect(await runTurn({ ...message, context: "the page says hi" }, deps)).toMatchObject({ status: "done" });
  expect(seen[0]).toContain("the page says hi\\n\\ngo");
});
