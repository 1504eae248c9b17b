import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEvents, readUntil } from "./parts/read-events.ts";
import { type Stage, startStage } from "./parts/start-gateway.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

test("an event stream that nobody reads is cut off, and resumes where it was", async () => {
  const { sessions } = stage.system;
  const turn = sessions.send("slow", "x");
  sessions.begin(turn);
  const { arrival } = sessions.find(turn)?.message ?? { arrival: 0 };
  const { hostname, port, host } = new URL(stage.url);
  const socket = connect(Number(port), hostname);
  let text = "";
  socket.setEncoding("utf8").on("error", () => undefined);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write(
    `GET /api/v1/sessions/slow/events HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${stage.token}\r\n\r\n`,
  );
  await new Promise<void>((resolve) => {
    socket.on("data", (data) => {
      text += String(data);
      if (text.includes("event: message")) resolve();
    });
  });
  socket.pause();
  for (let step = 1; step <= 100; step += 1) sessions.say(turn, step, `${step} ${"x".repeat(200_000)}`);
  sessions.finish(turn, "end");
  // Another reader has the end: then the slow one was given all of it too.
  const witness = readEvents(await stage.ask(`/api/v1/sessions/slow/events?after=${arrival}.102`));
  await witness.next();
  await witness.return(undefined);
  socket.resume();
  await closed;
  const cursors = [...text.matchAll(/^id: (\S+)$/gm)].map((match) => match[1] ?? "");
  const whole = text.endsWith("\n\n") || text.endsWith("\n\n\r\n") ? cursors : cursors.slice(0, -1);
  expect(whole.length).toBeLessThan(100);
  const events = readEvents(
    await stage.ask("/api/v1/sessions/slow/events", { headers: { "last-event-id": whole.at(-1) ?? "" } }),
  );
  const rest = await readUntil(events, ({ event }) => event === "finished");
  await events.return(undefined);
  expect([...whole, ...rest.map(({ id }) => id)]).toEqual(
    Array.from({ length: 102 }, (_, index) => `${arrival}.${index + 2}`),
  );
});
