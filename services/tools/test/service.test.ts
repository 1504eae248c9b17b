import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Bus, connectBus } from "@matrix-os/bus";
import { subscribeAnswer } from "@matrix-os/bus/answer";
import { createEndpointStats } from "@matrix-os/bus/micro";
import type { RequestContract } from "@matrix-os/contracts/define";
import { rejected } from "@matrix-os/contracts/errors";
import { checkInRequest } from "@matrix-os/contracts/file/check-in.request";
import { checkOutRequest } from "@matrix-os/contracts/file/check-out.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { describeToolsRequest } from "@matrix-os/contracts/tools/describe.request";
import { listProcessesRequest } from "@matrix-os/contracts/tools/list-processes.request";
import { readProcessRequest } from "@matrix-os/contracts/tools/read-process.request";
import { runCommandRequest } from "@matrix-os/contracts/tools/run-command.request";
import { stopCommandsControl } from "@matrix-os/contracts/tools/stop.control";
import { stopProcessRequest } from "@matrix-os/contracts/tools/stop-process.request";
import { startProcess } from "@matrix-os/runtime/run-services";
import { eventually } from "@matrix-os/testkit/eventually";
import { startBroker } from "@matrix-os/testkit/start-broker";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { afterEach, beforeEach, expect, test } from "vitest";
import { toolsService } from "../src/service.ts";

const origin = { actor: "kernel", session: "s_1", turn: "t_1" };
const run = (command: string, more: { folder?: string; background?: boolean; timeoutSeconds?: number } = {}) => ({
  command,
  folder: "apps/water",
  background: false,
  origin,
  ...more,
});

let stack: AsyncDisposableStack;
let bus: Bus;
let state: string;
let checkedIn: string[];

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  const folder = stack.use(tempFolder("tools"));
  state = join(folder.path, "state");
  mkdirSync(state, { mode: 0o700 });
  const broker = stack.use(await startBroker());
  bus = stack.use(await connectBus("file", { url: broker.url, user: undefined, password: undefined }));
  checkedIn = [];
  standInForTheFileService();
  stack.use(
    await startProcess("tools", [toolsService], {
      MATRIX_STATE: state,
      MATRIX_BUS_URL: broker.url,
      MATRIX_LOG_LEVEL: "error",
    }),
  );
});

afterEach(() => stack.disposeAsync());

/** The file service's part of the bargain, as its contracts tell it: a folder below the state, and what has changed there. */
function standInForTheFileService(): void {
  const toWorkspace = (folder: string) => `w_${folder.replaceAll("/", "_")}`;
  answer(checkOutRequest, async ({ folder }) => {
    mkdirSync(join(state, "work", toWorkspace(folder), "files"), { recursive: true });
    return { workspace: toWorkspace(folder), files: 0, bytes: 0 };
  });
  answer(checkInRequest, async ({ workspace }) => {
    checkedIn.push(workspace);
    const changed = readdirSync(join(state, "work", workspace, "files")).map((name) => `apps/water/${name}`);
    return { changed, changes: changed.length, conflicts: [], refused: [], applied: true };
  });
  answer(readRequest, async () => {
    throw rejected("not-found", "no policy");
  });
}

function answer<Request, Reply>(
  contract: RequestContract<Request, Reply>,
  handler: (request: Request) => Promise<Reply>,
): void {
  const signal = new AbortController().signal;
  const stats = createEndpointStats(contract.id, contract.subject, "file");
  subscribeAnswer(bus.connection, { contract, service: "file", handler, observe: () => undefined, signal, stats });
}

test("a command runs in a copy of its folder, and what it changed is handed back", async () => {
  const { view, output, returned } = await bus.request(runCommandRequest, run("echo hello; echo made >new; exit 3"));
  expect({ ...view, process: "" }).toMatchObject({
    state: "exited",
    exitCode: 3,
    folder: "apps/water",
    session: "s_1",
  });
  expect(output).toBe("hello\n");
  expect(returned).toEqual({
    applied: true,
    changed: ["apps/water/new"],
    changedCount: 1,
    conflicts: [],
    refused: [],
  });
  expect(readFileSync(join(state, "work", "w_apps_water", "files", "new"), "utf8")).toBe("made\n");
});

test("a program with arguments needs no shell, and without a folder it has a scratch one", async () => {
  const { view, output } = await bus.request(runCommandRequest, {
    ...run(""),
    command: ["printf", "%s|", "a b", "$HOME"],
    folder: "data/scratch",
  });
  expect(output).toBe("a b|$HOME|");
  expect(view.command).toBe("printf %s| a b $HOME");
});

test("long output shows its beginning and its end; the rest can be read", async () => {
  const { view, output } = await bus.request(runCommandRequest, run("seq 1 40000"));
  expect(output.startsWith("1\n2\n")).toBe(true);
  expect(output.endsWith("40000\n")).toBe(true);
  expect(output).toContain("bytes left out");
  const part = await bus.request(readProcessRequest, { process: view.process, offset: 100_000 });
  expect(part.nextOffset).toBe(164_000);
  expect(part.output).toMatch(/^\d*\n\d+\n/);
});

test("a command that takes too long is killed, and what it did so far is handed back", async () => {
  const { view, returned } = await bus.request(
    runCommandRequest,
    run("echo begun >new; sleep 60", { timeoutSeconds: 1 }),
  );
  expect(view).toMatchObject({ state: "timed-out" });
  expect(view.exitCode).toBeUndefined();
  expect(returned?.changed).toEqual(["apps/water/new"]);
});

test("one in the background can be read while it runs, listed, and stopped", async () => {
  const { view } = await bus.request(runCommandRequest, run("echo serving; sleep 600", { background: true }));
  expect(view.state).toBe("running");
  const { process } = view;
  const part = await eventually(async () => {
    const read = await bus.request(readProcessRequest, { process, offset: 0 });
    return read.output === "" ? undefined : read;
  });
  expect(part).toMatchObject({ output: "serving\n", nextOffset: 8, view: { state: "running" } });
  expect((await bus.request(listProcessesRequest, {})).processes.map((one) => one.process)).toEqual([process]);
  const stopped = await bus.request(stopProcessRequest, { process, origin });
  expect(stopped).toMatchObject({ view: { state: "stopped" }, returned: { applied: true } });
  expect(await bus.request(stopProcessRequest, { process, origin })).toMatchObject({ view: { state: "stopped" } });
});

test("a stopped turn's commands are killed at once, those of others go on", async () => {
  const mine = bus.request(runCommandRequest, run("sleep 600"));
  const other = await bus.request(runCommandRequest, {
    ...run("sleep 600", { folder: "apps/other", background: true }),
    origin: { ...origin, turn: "t_2" },
  });
  await eventually(async () => (await bus.request(listProcessesRequest, {})).processes.length === 2);
  bus.control(stopCommandsControl, "s_1", { session: "s_1", turns: ["t_1"] });
  expect((await mine).view.state).toBe("stopped");
  const { view } = await bus.request(readProcessRequest, { process: other.view.process, offset: 0 });
  expect(view.state).toBe("running");
  bus.control(stopCommandsControl, "s_1", { session: "s_1", turns: [] });
  await eventually(async () => (await bus.request(describeToolsRequest, {})).running === 0);
});

test("a second command in the same folder, an unknown process, a long wait are refused by name", async () => {
  await bus.request(runCommandRequest, run("sleep 600", { background: true }));
  await expect(bus.request(runCommandRequest, run("true"))).rejects.toMatchObject({
    code: "conflict",
    field: "folder",
  });
  await expect(bus.request(readProcessRequest, { process: "p_none", offset: 0 })).rejects.toMatchObject({
    code: "not-found",
    field: "process",
  });
  await expect(bus.request(runCommandRequest, run("true", { timeoutSeconds: 241 }))).rejects.toMatchObject({
    code: "invalid",
    field: "timeoutSeconds",
  });
});

test("more background commands than may run are refused for now", async () => {
  for (let n = 0; n < 8; n += 1) {
    await bus.request(runCommandRequest, run("sleep 600", { folder: `apps/a${n}`, background: true }));
  }
  await expect(
    bus.request(runCommandRequest, run("true", { folder: "apps/more", background: true })),
  ).rejects.toMatchObject({ kind: "unavailable", code: "busy" });
});

test("when the service ends, its commands end, and nothing is handed back or left", async () => {
  await bus.request(runCommandRequest, run("sleep 615.5", { background: true }));
  const disposed = stack.move();
  // In the order of the stack: first the service.
  await disposed.disposeAsync();
  const left = readdirSync("/proc").filter((name) => {
    const file = `/proc/${name}/cmdline`;
    return /^\d+$/.test(name) && existsSync(file) && readFileSync(file, "utf8").includes("sleep 615.5");
  });
  expect(left).toEqual([]);
  expect(checkedIn).toEqual([]);
});

test("it says how commands are confined", async () => {
  const { sandbox } = await bus.request(describeToolsRequest, {});
  expect(sandbox.level).toBe("bubblewrap");
  expect(sandbox.why.length).toBeGreaterThanOrEqual(2);
});

test("no output file outlives a start of the service", async () => {
  writeFileSync(join(state, "commands", "p_old.out"), "old");
  await bus.request(runCommandRequest, run("true"));
  expect(readdirSync(join(state, "commands")).filter((name) => name !== "p_old.out")).toHaveLength(1);
});
