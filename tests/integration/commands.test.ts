import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { stopSessionRoute } from "@matrix-os/contracts/api/session";
import { readStatusRoute } from "@matrix-os/contracts/api/status";
import { toRouteUrl } from "@matrix-os/contracts/api/route";
import { eventually } from "@matrix-os/testkit/eventually";
import { text, toolUse } from "@matrix-os/testkit/messages/answers";
import { type MessagesServer, startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readResults } from "./parts/model-requests.ts";
import { startHere, toModelEnv } from "./parts/start-here.ts";

let model: MessagesServer;
let system: TestSystem;

beforeAll(async () => {
  model = await startMessagesServer();
  system = await startHere(toModelEnv(model));
});

beforeEach(() => {
  model.requests.length = 0;
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

const run = (command: string, folder: string) => ({ name: "run_command", input: { command, folder } });

/** What the model was told of its calls last. */
function lastResults(): string {
  const request = model.requests.at(-1);
  return request === undefined
    ? ""
    : readResults(request.body)
        .map((result) => result.text)
        .join("\n");
}

test("a command's files are in the home afterwards, as one change that undo takes back", async () => {
  const write = { name: "write_file", input: { path: "apps/sum/add.js", content: "console.log(2 + 3)\n" } };
  const command = "node add.js >result.txt && mkdir -p out && cp result.txt out/copy.txt && cat result.txt";
  model.play([toolUse(write), text("Written.")]);
  await system.send("write it");
  model.play([toolUse(run(command, "apps/sum")), text("Done.")]);
  expect((await system.send("add it up")).answer).toMatchObject({ status: "done", text: "Done." });
  expect(lastResults()).toMatch(/^5\n+\[p_\w+: exited with code 0/);
  expect(readFileSync(join(system.home, "apps/sum/out/copy.txt"), "utf8")).toBe("5\n");
  await system.fetch("/api/v1/undo", { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
  expect(existsSync(join(system.home, "apps/sum/out"))).toBe(false);
  expect(existsSync(join(system.home, "apps/sum/result.txt"))).toBe(false);
  expect(existsSync(join(system.home, "apps/sum/add.js"))).toBe(true);
});

test("a command sees neither home, state nor the system's ports", async () => {
  const script = `ls -a /; cat ${system.home}/system/soul.md ${system.state}/owner.token; env; node -e 'fetch("${system.url()}/healthz").then(() => console.log("REACHED"), () => console.log("unreachable"))'`;
  model.play([toolUse(run(script, "apps/sum")), text("Done.")]);
  await system.send("look around");
  const told = lastResults();
  expect(told).toContain("unreachable");
  expect(told).not.toContain(readFileSync(join(system.state, "owner.token"), "utf8").trim());
  expect(told).not.toMatch(/REACHED|MATRIX_|ANTHROPIC_/);
});

test("a link that leads out of the folder keeps the whole change out", async () => {
  model.play([toolUse(run("echo new >made.txt; ln -s ../../system/soul.md out-link", "apps/evil")), text("Done.")]);
  await system.send("link");
  expect(lastResults()).toMatch(/NOTHING was written[^]*refused .*out-link/);
  expect(existsSync(join(system.home, "apps/evil/made.txt"))).toBe(false);
});

test("stopping the session kills its command at once", async () => {
  const mark = `616.${process.pid}`;
  model.play([toolUse(run(`sleep ${mark}`, "apps/slow")), text("Done.")]);
  const accepted = await system.accept("wait long");
  await eventually(() => isRunning(mark));
  await system.fetch(toRouteUrl(stopSessionRoute, { params: { session: accepted.session } }), { method: "POST" });
  expect((await system.untilFinished(accepted)).answer.status).toBe("stopped");
  await eventually(() => !isRunning(mark));
});

function isRunning(mark: string): boolean {
  return readdirSync("/proc").some((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, "utf8").includes(`sleep ${mark}`);
    } catch {
      return false;
    }
  });
}

test("the status says how commands are confined", async () => {
  const status = readStatusRoute.reply?.parse(await (await system.fetch(toRouteUrl(readStatusRoute))).json());
  expect(status).toMatchObject({ services: { tools: "up" }, sandbox: { level: "bubblewrap" } });
});
