import { rejected, unavailable } from "@matrix-os/contracts/errors";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { previewRequest } from "@matrix-os/contracts/file/preview.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { undoRequest } from "@matrix-os/contracts/file/undo.request";
import { writeRequest } from "@matrix-os/contracts/file/write.request";
import { noUsage } from "@matrix-os/contracts/turn/message";
import { expect, test } from "vitest";
import { failTurn } from "../src/fail-turn.ts";
import { runTurn } from "../src/run-turn.ts";
import { type TurnStage, message, say, setTurnStage, text, toDeps, use } from "./turn-stage.ts";

const many = Array.from({ length: 30 }, (_, n) => `notes/${n}.md`);
const remove = (id: string, path = "notes") => use(id, "delete_file", { path });

/** A folder of thirty files: deleting it is asked about. */
const playFolder = (stage: TurnStage) =>
  stage.answer(previewRequest, () => ({ paths: many, pathCount: 30, deletedBefore: 0 }));

const resultsOf = ({ journal }: TurnStage) =>
  journal.flatMap((record) => (record.kind === "tool.result" ? [record.text] : []));

/** Answers every question so far. */
function decideAll(stage: TurnStage, verdict: "allow" | "deny" | "expired", at = new Date()): void {
  const known = new Set(stage.journal.flatMap((record) => (record.kind === "approval" ? [record.ask] : [])));
  stage.found.answers = stage.journal.flatMap((record) =>
    record.kind === "ask" && !known.has(record.ask)
      ? [{ ask: record.ask, call: record.call, verdict, by: "desktop", at: at.toISOString() }]
      : [],
  );
}

test("a turn asks, calls side by side what only reads, and ends with the last words; running it again changes nothing", async () => {
  await using stage = await setTurnStage();
  await using _read = await stage.answer(readRequest, ({ path }) => ({
    ...readRequest.example.reply,
    path,
    content: path,
    taint: ["web" as const],
  }));
  const seen: string[] = [];
  const deps = toDeps(
    stage.bus,
    [
      (_, { onText, onNotice }) => {
        onText("Let me ");
        onText("look.");
        onNotice?.({ code: "budget-warning", message: "half is spent" });
        return say(text("Let me look."), use("a", "read_file", { path: "a" }), use("b", "read_file", { path: "b" }));
      },
      ({ messages }) => {
        seen.push(JSON.stringify(messages));
        return { ...say(text("Done.")), asked: "other", requestId: undefined };
      },
    ],
    { prompt: { usage: noUsage, notices: [] } },
  );
  expect(await runTurn(message, deps)).toEqual({ status: "done", error: undefined, joined: [] });
  expect(resultsOf(stage)).toEqual(["a", "b"]);
  expect(seen[0]).toContain('"tool_use_id":"b"');
  expect(stage.journal.at(-1)).toMatchObject({ kind: "end", status: "done", text: "Done." });
  expect(stage.journal).toContainEqual({ kind: "model.request", step: 2, reservedUsd: 0.5, model: "other" });
  expect(await runTurn(message, toDeps(stage.bus, []))).toMatchObject({ status: "done" });
  await failTurn(message, { kind: "broken", code: "internal", message: "no" }, { bus: stage.bus, owner: "k" });
  expect(stage.journal.filter((record) => record.kind === "end").every(({ status }) => status === "done")).toBe(true);
});

test("a turn that nobody can run ends as failed, once", async () => {
  await using stage = await setTurnStage();
  const error = { kind: "broken" as const, code: "internal" as const, message: "no" };
  await failTurn(message, error, { bus: stage.bus, owner: "k" });
  await failTurn(message, error, { bus: stage.bus, owner: "k" });
  expect(stage.kindsOf()).toEqual(["fence", "end", "fence"]);
  expect(stage.journal[1]).toMatchObject({ status: "failed", error });
});

test("a failing model is asked again, then the other one; what breaks off is counted, what can't pass ends the turn", async () => {
  await using stage = await setTurnStage();
  const asked: string[] = [];
  const usage = { ...noUsage, costUsd: 0.01 };
  const fails = async (request: { model: string }, call: { onUsage?: (used: typeof usage) => void }) => {
    asked.push(request.model);
    call.onUsage?.(usage);
    throw unavailable("model-overloaded", "busy");
  };
  const refuses = () => {
    throw rejected("model-refused", "no");
  };
  const deps = toDeps(stage.bus, [fails, fails, fails, refuses], { prompt: { fallbackModel: "other" } });
  expect(await runTurn(message, deps)).toMatchObject({ status: "failed", error: { code: "model-refused" } });
  expect(asked).toEqual(["m", "m", "other"]);
  expect(stage.journal.filter((record) => record.kind === "model.failed")).toHaveLength(4);
  expect(stage.journal.at(-1)).toMatchObject({ kind: "end", usage: { costUsd: 0.03 } });
});

test("what is no matter of the model is thrown, and the journal stays for the next worker", async () => {
  await using stage = await setTurnStage();
  const fails = () => {
    throw unavailable("disk-full", "no room");
  };
  await expect(runTurn(message, toDeps(stage.bus, [fails]))).rejects.toMatchObject({ code: "disk-full" });
  const letGo = new AbortController();
  const lateAnswer = () => {
    letGo.abort();
    return say(text("late"));
  };
  await expect(runTurn(message, toDeps(stage.bus, [lateAnswer], { letGo: letGo.signal }))).rejects.toThrow();
  expect(stage.kindsOf()).toEqual(["fence", "begin", "fence"]);
  expect(await runTurn(message, toDeps(stage.bus, [() => say(text("hello"))]))).toMatchObject({ status: "done" });
});

test("a stop keeps what had come, also one that came before the worker; time that is over says so", async () => {
  await using stopped = await setTurnStage();
  const stop = new AbortController();
  const cut = () => {
    stop.abort();
    return { ...say(text("half")), stopReason: "stopped" };
  };
  expect(await runTurn(message, toDeps(stopped.bus, [cut], { stop: stop.signal }))).toMatchObject({
    status: "stopped",
  });
  expect(stopped.journal.at(-1)).toMatchObject({ kind: "end", text: "half" });
  await using before = await setTurnStage();
  before.found.stopRequested = true;
  expect(await runTurn(message, toDeps(before.bus, []))).toMatchObject({ status: "stopped" });
  await using late = await setTurnStage();
  const limits = { steps: 9, toolCalls: 9, durationMs: 300, costUsd: 1, modelAttempts: 2 };
  const slow = (_: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise<ReturnType<typeof say>>((resolve) => {
      signal.addEventListener("abort", () => resolve({ ...say(text("hal")), stopReason: "stopped" }));
    });
  const outcome = await runTurn(message, toDeps(late.bus, [slow], { limits }));
  expect(outcome).toMatchObject({ status: "failed", error: { code: "budget-spent" } });
});

test("messages that join stand before the next request, and end with the turn", async () => {
  await using stage = await setTurnStage();
  const joining = { ...message, key: "joined", arrival: message.arrival + 1, text: "and this" };
  const waiting = [[joining], []];
  const seen: string[] = [];
  const answer = ({ messages }: { messages: unknown }) => (seen.push(JSON.stringify(messages)), say(text("both")));
  const deps = toDeps(stage.bus, [answer], { readJoining: async () => waiting.shift() ?? [] });
  expect(await runTurn(message, deps)).toMatchObject({ status: "done", joined: ["joined"] });
  expect(seen[0]).toContain("and this");
});

test("a turn rests while the owner is asked, does what they allow, once, and stays away from what they deny", async () => {
  await using stage = await setTurnStage();
  await using _folder = await playFolder(stage);
  let deleted = 0;
  await using _delete = await stage.answer(deleteRequest, ({ path }) => {
    deleted += 1;
    return { path, created: false, change: "c_1", seq: 1 };
  });
  const calls = () => say(...["a", "b", "c", "d"].map((id) => remove(id, id)));
  expect(await runTurn(message, toDeps(stage.bus, [calls]))).toMatchObject({ status: "resting" });
  expect(stage.journal.filter((record) => record.kind === "ask")).toHaveLength(3);
  // Asked is asked: a worker that comes meanwhile rests again and asks nothing twice.
  expect(await runTurn(message, toDeps(stage.bus, []))).toMatchObject({ status: "resting" });
  expect(stage.journal.filter((record) => record.kind === "ask")).toHaveLength(3);
  expect(deleted).toBe(0);
  decideAll(stage, "allow");
  // The fourth is asked now that there is room for it.
  expect(await runTurn(message, toDeps(stage.bus, []))).toMatchObject({ status: "resting" });
  expect(deleted).toBe(3);
  decideAll(stage, "deny");
  expect(await runTurn(message, toDeps(stage.bus, [() => say(text("ok"))]))).toMatchObject({ status: "done" });
  expect(deleted).toBe(3);
  expect(resultsOf(stage).at(-1)).toContain("The owner denied this");
});

test("an answer that is too old is asked for again, and no answer for a day is a no", async () => {
  await using stage = await setTurnStage();
  await using _folder = await playFolder(stage);
  expect(await runTurn(message, toDeps(stage.bus, [() => say(remove("a"))]))).toMatchObject({ status: "resting" });
  decideAll(stage, "allow", new Date(Date.now() - 3_600_000));
  expect(await runTurn(message, toDeps(stage.bus, []))).toMatchObject({ status: "resting" });
  expect(stage.journal.filter((record) => record.kind === "ask")).toHaveLength(2);
  decideAll(stage, "expired");
  expect(await runTurn(message, toDeps(stage.bus, [() => say(text("ok"))]))).toMatchObject({ status: "done" });
  expect(resultsOf(stage)).toEqual(["The owner was asked for a day and did not answer. It was not done."]);
});

test("what the owner writes instead of an answer takes the questions' place", async () => {
  await using stage = await setTurnStage();
  await using _folder = await playFolder(stage);
  const joining = { ...message, key: "joined", arrival: message.arrival + 1, text: "leave it" };
  const waiting = [[], [joining], []];
  const deps = toDeps(stage.bus, [() => say(remove("a"), remove("b")), () => say(text("left"))], {
    readJoining: async () => waiting.shift() ?? [],
  });
  expect(await runTurn(message, deps)).toMatchObject({ status: "done", joined: ["joined"] });
  expect(resultsOf(stage)).toHaveLength(2);
  expect(resultsOf(stage)[0]).toContain("wrote something else meanwhile");
});

test("what the policy refuses, or what is too long to be shown whole, has its result without being done", async () => {
  await using stage = await setTurnStage();
  await using _preview = await stage.answer(previewRequest, () => ({ paths: [], pathCount: 0, text: "old" }));
  const script = [
    () =>
      say(
        use("a", "write_file", { path: "system/policy/rules.json", content: "{}" }),
        use("b", "write_file", { path: "system/soul.md", content: "x\n".repeat(40_000) }),
        use("c", "write_file", { nonsense: true }),
        use("d", "fly", {}),
      ),
    () => say(text("ok")),
  ];
  expect(await runTurn(message, toDeps(stage.bus, script))).toMatchObject({ status: "done" });
  const results = resultsOf(stage).join("\n");
  expect(results).toContain("This is not allowed, and asking again will not help.");
  expect(results).toContain("too long to be shown whole");
  expect(results).toContain("invalid arguments");
  expect(results).toContain("there is no tool named fly");
});

test("an undo with nothing to undo fails by itself; a preview that can't be had is no permission", async () => {
  await using stage = await setTurnStage();
  let trouble = rejected("nothing-to-undo", "nothing");
  await using _preview = await stage.answer(previewRequest, () => {
    throw trouble;
  });
  await using _undo = await stage.answer(undoRequest, () => {
    throw rejected("nothing-to-undo", "nothing");
  });
  const script = [() => say(use("a", "undo", {})), () => say(use("b", "undo", {}))];
  const deps = toDeps(stage.bus, script);
  const running = runTurn(message, {
    ...deps,
    readJoining: async ({ steps }) => {
      if (steps.length === 1) trouble = new TypeError("broken") as never;
      return [];
    },
  });
  await expect(running).rejects.toMatchObject({ kind: "broken" });
  expect(resultsOf(stage)).toEqual(["nothing-to-undo: nothing"]);
});

test("a turn that is over its room shortens its old results, and never sends a request that is over it", async () => {
  await using stage = await setTurnStage();
  const content = `The gate code is 4711. ${"lorem ipsum ".repeat(3_000)}`;
  await using _read = await stage.answer(readRequest, () => ({ ...readRequest.example.reply, content }));
  await using _write = await stage.answer(writeRequest, ({ path }) => ({ path, created: true, change: "c", seq: 1 }));
  const sizes: number[] = [];
  const read = (id: string) => (request: { messages: unknown }) => {
    sizes.push(JSON.stringify(request.messages).length);
    return say(
      text(`step ${id}`),
      use(id, "read_file", { path: "a" }),
      use(`${id}w`, "write_file", { path: "w", content: "c" }),
    );
  };
  const script = ["a", "b", "c", "d", "e", "f"].map(read);
  const deps = toDeps(stage.bus, script, { prompt: { maxTokens: 12_000 } });
  await runTurn(message, { ...deps, limits: { ...deps.limits, toolCalls: 30, steps: 6 } });
  expect(sizes).toHaveLength(6);
  expect(Math.max(...sizes)).toBeLessThan(80_000);
  await using tight = await setTurnStage();
  const never = toDeps(tight.bus, [() => say(text("no"))], { prompt: { maxTokens: 1 } });
  expect(await runTurn(message, never)).toMatchObject({ status: "failed", error: { code: "budget-spent" } });
});
