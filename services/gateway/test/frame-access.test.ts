import type { ClientFrame } from "@matrix-os/contracts/shell/frame";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Access, frameAccess } from "../src/auth/access-table.ts";
import { type Identity, type Standing, bearer, createIdentities, makeToken } from "./parts/identities.ts";
import { nextFrame, openSocket } from "./parts/open-socket.ts";
import { type Stage, startStage } from "./parts/start-gateway.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ MATRIX_FAILED_LOGINS: "100000", MATRIX_STRANGER_REQUESTS: "100000000" });
  stage.system.sessions.send("main", "hello");
  stage.system.files.put("apps/water/app.json", JSON.stringify({ name: "Water" }));
  stage.system.files.put("apps/water/index.html", "<p>water</p>");
});
afterAll(() => stage[Symbol.asyncDispose]());

function isLetIn(standing: Standing, access: Access): boolean {
  if (standing.is === "owner" || access === "caller") return true;
  return standing.is === "token" && (standing.scope === "admin" || access.includes(standing.scope));
}

describe("over a socket", () => {
  const frames: Record<ClientFrame["type"], ClientFrame> = {
    send: { type: "send", ref: "1", text: "hello", idempotencyKey: "same" },
    stop: { type: "stop", ref: "1", session: "main" },
    "watch-session": { type: "watch-session", ref: "1", session: "main" },
    "unwatch-session": { type: "unwatch-session", ref: "1", session: "main" },
    "watch-files": { type: "watch-files", ref: "1" },
    ping: { type: "ping", ref: "1" },
  };
  let identities: Identity[];
  beforeAll(async () => {
    identities = await createIdentities(stage);
  });

  test("each frame is taken from whom the table names, and from nobody else", async () => {
    let cells = 0;
    for (const identity of identities) {
      const talk = await openSocket(stage.url, await identity.headers());
      if (typeof talk === "number") {
        cells += Object.keys(frames).length;
        const expected = identity.standing.is === "stranger" ? 401 : 403;
        expect([identity.name, talk]).toEqual([identity.name, expected]);
        continue;
      }
      for (const [type, frame] of Object.entries(frames)) {
        cells += 1;
        talk.send(JSON.stringify(frame));
        const answer = await nextFrame(talk, ({ type }) => ["accepted", "done", "refused"].includes(type));
        const isIn = isLetIn(identity.standing, frameAccess[frame.type]);
        expect([identity.name, type, answer.type === "refused" ? answer.error.code : "taken"]).toEqual([
          identity.name,
          type,
          isIn ? "taken" : "denied",
        ]);
      }
      talk.terminate();
    }
    expect(cells).toBe(identities.length * 6);
    expect(cells).toBeGreaterThanOrEqual(150);
  });

  test("who may not read conversations is not told which ones run", async () => {
    const [apps, reading] = [await makeToken(stage, "apps"), await makeToken(stage, "read")];
    const [deaf, hearing] = [
      await openSocket(stage.url, bearer(apps.token)),
      await openSocket(stage.url, bearer(reading.token)),
    ];
    if (typeof deaf === "number" || typeof hearing === "number") throw new Error("refused");
    const heard: string[] = [];
    deaf.on("message", (data) => heard.push((data as Buffer).toString()));
    const told = nextFrame(hearing, ({ type }) => type === "session-changed");
    stage.system.sessions.send("secret", "hello");
    await told;
    deaf.send(JSON.stringify({ type: "ping", ref: "2" }));
    await nextFrame(deaf, ({ type }) => type === "done");
    expect(heard.join("")).not.toContain("session-changed");
    deaf.terminate();
    hearing.terminate();
  });
});
