import { createLinkRoute } from "@matrix-os/contracts/api/links";
import { sendMessageRoute } from "@matrix-os/contracts/api/message";
import { readStatusRoute } from "@matrix-os/contracts/api/status";
import { eventually } from "@matrix-os/testkit/eventually";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runMatrixos, runProgram, toOwnerEnv } from "./parts/run-program.ts";
import { startHere } from "./parts/start-here.ts";

let system: TestSystem;

beforeAll(async () => {
  system = await startHere();
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

test("the walk of one message through the services is printed in order", async () => {
  const response = await system.fetch(sendMessageRoute.path, {
    method: "POST",
    body: JSON.stringify({ text: "echo trace me" }),
    headers: { "content-type": "application/json" },
  });
  const correlation = response.headers.get("x-correlation-id") ?? "";
  const accepted = sendMessageRoute.reply?.parse(await response.json()) ?? { session: "", message: "" };
  await system.untilFinished({ session: accepted.session, turn: accepted.message });
  const stations = [
    "file.request.store-message",
    "dispatcher.request.accept-message",
    "POST",
    "dispatcher.request.next-input",
    "file.request.open-log",
    "file.request.finish-turn",
    "turn finished",
    "kernel.command.run-turn",
  ];
  const printed = await eventually(
    async () => {
      const { stdout } = await runProgram("make", ["trace", `ID=${correlation}`], toOwnerEnv(system));
      expect(stations.filter((station) => !stdout.includes(station))).toEqual([]);
      return stdout;
    },
    { withinMs: 20_000 },
  );
  const lines = printed.split("\n").filter((line) => /^\d{4}-\d\d-\d\dT/.test(line));
  const times = lines.map((line) => line.slice(0, 24));
  expect(times).toEqual(times.toSorted());
  const order = ["store-message", "open-log", "finish-turn", "run-turn"];
  const places = order.map((station) => lines.findIndex((line) => line.includes(station)));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  for (const service of ["gateway", "dispatcher", "file", "kernel"])
    expect(lines.some((line) => line.includes(` ${service} `))).toBe(true);
});

test("the command line shows the same walk from the logs", async () => {
  const response = await system.fetch(readStatusRoute.path);
  const correlation = response.headers.get("x-correlation-id") ?? "";
  await eventually(
    async () => {
      const ran = await runMatrixos(system, "logs", "--correlation", correlation);
      return ran.code === 0 && ran.stdout.includes("kernel.request.describe");
    },
    { withinMs: 20_000 },
  );
});

test("a login link opens the system once, and the cookie then does", async () => {
  const { stdout } = await runMatrixos(system, "link");
  const link = /http:\S+/.exec(stdout)?.[0] ?? "";
  const first = await fetch(link, { redirect: "manual" });
  expect(first.status).toBe(303);
  const cookie = first.headers.get("set-cookie")?.split(";")[0] ?? "";
  const status = await fetch(`${system.url()}${readStatusRoute.path}`, { headers: { cookie } });
  expect(status.status).toBe(200);
  const second = await fetch(link, { redirect: "manual" });
  expect(second.status).toBe(401);
  expect(second.headers.get("set-cookie")).toBeNull();
});

test("the link that the start prints works, too", async () => {
  const link = /^log in: (\S+)$/m.exec(system.output())?.[1] ?? "";
  expect((await fetch(link, { redirect: "manual" })).status).toBe(303);
});

test("a link can be made only with a token", async () => {
  expect((await fetch(`${system.url()}${createLinkRoute.path}`, { method: "POST" })).status).toBe(401);
});

test("doctor and status find nothing wrong, in words and as JSON", async () => {
  const [doctor, asJson, status] = await Promise.all([
    runMatrixos(system, "doctor"),
    runMatrixos(system, "doctor", "--json"),
    runMatrixos(system, "status", "--json"),
  ]);
  expect(doctor).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(asJson.stdout)).toMatchObject({ ok: true });
  expect(JSON.parse(status.stdout)).toMatchObject({ rehearsal: true, bus: "up", problems: [] });
});

test("the activity log tells what was changed, and by whom", async () => {
  await system.send("make me a timer");
  const { stdout } = await runMatrixos(system, "activity");
  expect(stdout).toContain("kernel changed apps/timer");
});
