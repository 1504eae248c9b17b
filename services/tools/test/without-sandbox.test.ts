import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { connectBus } from "@matrix-os/bus";
import { createEndpointStats } from "@matrix-os/bus/micro";
import { subscribeAnswer } from "@matrix-os/bus/answer";
import type { RequestContract } from "@matrix-os/contracts/define";
import { rejected } from "@matrix-os/contracts/errors";
import { checkInRequest } from "@matrix-os/contracts/file/check-in.request";
import { checkOutRequest } from "@matrix-os/contracts/file/check-out.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { describeToolsRequest } from "@matrix-os/contracts/tools/describe.request";
import { runCommandRequest } from "@matrix-os/contracts/tools/run-command.request";
import { startProcess } from "@matrix-os/runtime/run-services";
import { startBroker } from "@matrix-os/testkit/start-broker";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { afterEach, beforeEach, expect, test } from "vitest";
import { toolsService } from "../src/service.ts";

const hello = {
  command: "echo hello",
  folder: "apps/water",
  background: false,
  origin: { actor: "kernel", session: "s_1", turn: "t_1" },
};
let stack: AsyncDisposableStack;
let checkedOut: number;

beforeEach(() => {
  stack = new AsyncDisposableStack();
  checkedOut = 0;
});

afterEach(() => stack.disposeAsync());

/** The tools service on a machine without bubblewrap, beside a stand-in for the file service. */
async function startWithoutBubblewrap(env: Record<string, string>) {
  const folder = stack.use(tempFolder("tools"));
  const work = join(folder.path, "state", "work", "w_1", "files");
  const broker = stack.use(await startBroker());
  const bus = stack.use(await connectBus("file", { url: broker.url, user: undefined, password: undefined }));
  const answer = <Request, Reply>(contract: RequestContract<Request, Reply>, handler: () => Promise<Reply>): void => {
    const stats = createEndpointStats(contract.id, contract.subject, "file");
    const signal = new AbortController().signal;
    subscribeAnswer(bus.connection, { contract, service: "file", handler, observe: () => undefined, signal, stats });
  };
  answer(checkOutRequest, async () => {
    checkedOut += 1;
    mkdirSync(work, { recursive: true });
    return { workspace: "w_1", files: 0, bytes: 0 };
  });
  answer(checkInRequest, async () => ({ changed: [], changes: 0, conflicts: [], refused: [], applied: true }));
  answer(readRequest, async () => {
    throw rejected("not-found", "no policy");
  });
  stack.use(
    await startProcess("tools", [toolsService], {
      PATH: join(folder.path, "no-programs"),
      MATRIX_STATE: join(folder.path, "state"),
      MATRIX_BUS_URL: broker.url,
      MATRIX_LOG_LEVEL: "error",
      ...env,
    }),
  );
  return bus;
}

test("without a sandbox a command is refused with the remedy, and nothing was even copied for it", async () => {
  const bus = await startWithoutBubblewrap({});
  await expect(bus.request(runCommandRequest, hello)).rejects.toMatchObject({
    kind: "rejected",
    code: "no-sandbox",
    message: expect.stringMatching(/bwrap.*Install bubblewrap/s) as string,
  });
  expect(checkedOut).toBe(0);
  expect(await bus.request(describeToolsRequest, {})).toMatchObject({
    sandbox: { level: "none", remedy: expect.stringContaining("Install bubblewrap") as string },
  });
});

test("the owner may say that commands run unconfined: then they do, and it is told loudly", async () => {
  const bus = await startWithoutBubblewrap({ MATRIX_UNSAFE_SHELL: "1" });
  expect(await bus.request(runCommandRequest, hello)).toMatchObject({ view: { exitCode: 0 }, output: "hello\n" });
  const { sandbox } = await bus.request(describeToolsRequest, {});
  expect(sandbox.level).toBe("unconfined");
  expect(sandbox.why.join(" ")).toContain("COMMANDS ARE NOT CONFINED");
});
