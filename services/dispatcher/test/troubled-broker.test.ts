import { acceptMessageRequest } from "@matrix-os/contracts/dispatcher/accept-message.request";
import { answerApprovalRequest } from "@matrix-os/contracts/dispatcher/answer-approval.request";
import { nextInputRequest } from "@matrix-os/contracts/dispatcher/next-input.request";
import { readJoiningRequest } from "@matrix-os/contracts/dispatcher/read-joining.request";
import { stopSessionRequest } from "@matrix-os/contracts/dispatcher/stop-session.request";
import { answerAskRequest } from "@matrix-os/contracts/file/answer-ask.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { requestStopRequest } from "@matrix-os/contracts/file/request-stop.request";
import { storeMessageRequest } from "@matrix-os/contracts/file/store-message.request";
import { takeLeadRequest } from "@matrix-os/contracts/file/take-lead.request";
import { withdrawMessageRequest } from "@matrix-os/contracts/file/withdraw-message.request";
import { writtenEvent } from "@matrix-os/contracts/file/written.event";
import { stopControl } from "@matrix-os/contracts/kernel/stop.control";
import { stopCommandsControl } from "@matrix-os/contracts/tools/stop.control";
import { exampleMessage } from "@matrix-os/contracts/turn/examples";
import { eventually } from "@matrix-os/testkit/eventually";
import { expect, test } from "vitest";
import { type Scene, playFiles, setScene } from "./parts/scene.ts";

/** No round of the reconciler comes between. */
const RARELY = { MATRIX_RECONCILE_MS: "600000" };

const askStream = async (scene: Scene, what: string) =>
  (await scene.bus.connection.nats.request(`$JS.API.STREAM.${what}`, "")).json<{ state?: { messages: number } }>();

const message = { text: "hello", sender: "owner", replyTo: { channel: "web", account: "owner", chat: "s_1" } };

test("what the owner decides counts though its doorbell can't be rung: the files have it, the reconciler rings", async () => {
  await using scene = await setScene();
  await using _files = await playFiles(scene);
  await using _answered = await scene.play(answerAskRequest, () => ({ session: "s_1", turn: "t1" }));
  let turns = ["t1"];
  await using _stops = await scene.play(requestStopRequest, () => ({ turns }));
  await using _dispatcher = await scene.start(RARELY);
  await askStream(scene, "DELETE.TURNS");
  const missed = () => scene.said.filter(({ text }) => text === "doorbell not rung, the reconciler will").length;
  const approval = { ask: "a_1", verdict: "allow" as const, by: "desktop" };
  expect(await scene.bus.request(answerApprovalRequest, approval)).toEqual({ session: "s_1", turn: "t1" });
  expect(missed()).toBe(1);
  expect(await scene.bus.request(stopSessionRequest, { session: "s_1" })).toEqual({ turns: ["t1"] });
  expect(missed()).toBe(2);
  turns = [];
  expect(await scene.bus.request(stopSessionRequest, { session: "s_1" })).toEqual({ turns: [] });
  expect(missed()).toBe(2);
});

test("a message whose doorbell can't be kept is refused, unless somebody may count on it already", async () => {
  await using scene = await setScene();
  await using _files = await playFiles(scene);
  await using _store = await scene.play(storeMessageRequest, () => ({ session: "s_1", arrival: 1, duplicate: false }));
  let withdrawals = 0;
  await using _withdraw = await scene.play(withdrawMessageRequest, () => {
    withdrawals += 1;
    return { withdrawn: false };
  });
  await using _config = await scene.play(readRequest, () => {
    throw new TypeError("no settings");
  });
  await using _dispatcher = await scene.start(RARELY);
  await askStream(scene, "DELETE.TURNS");
  const accept = () => scene.bus.request(acceptMessageRequest, { nativeId: "n", session: "s_1", message });
  // Its turn has begun or another message was told: it stays.
  expect(await accept()).toMatchObject({ session: "s_1", arrival: 1, duplicate: false });
  expect(withdrawals).toBe(1);
  expect(scene.hasSaid("configuration not used")).toBe(true);
  // From here on it is known that nothing can be kept.
  await expect(accept()).rejects.toMatchObject({ kind: "unavailable", code: "no-responder" });
  expect(withdrawals).toBe(1);
});

test("a message that comes twice is refused while its doorbell can't be kept, and not taken back", async () => {
  await using scene = await setScene();
  await using _files = await playFiles(scene);
  await using _store = await scene.play(storeMessageRequest, () => ({ session: "s_1", arrival: 1, duplicate: true }));
  let withdrawals = 0;
  await using _withdraw = await scene.play(withdrawMessageRequest, () => {
    withdrawals += 1;
    return { withdrawn: true };
  });
  await using _dispatcher = await scene.start(RARELY);
  await askStream(scene, "DELETE.TURNS");
  const again = { nativeId: "n", session: "s_1", message: { ...message, mode: "followup" as const } };
  await expect(scene.bus.request(acceptMessageRequest, again)).rejects.toMatchObject({ code: "no-responder" });
  expect(withdrawals).toBe(0);
});

test("a message that interrupts tells the workers and the runners which turns to stop", async () => {
  await using scene = await setScene();
  await using _files = await playFiles(scene);
  await using _store = await scene.play(storeMessageRequest, () => ({
    session: "s_1",
    arrival: 2,
    duplicate: false,
    interrupted: ["t1"],
  }));
  await using _dispatcher = await scene.start(RARELY);
  const told: unknown[] = [];
  for (const control of [stopControl, stopCommandsControl]) {
    const callback = (_error: unknown, heard: { json: () => unknown }) => void told.push(heard.json());
    scene.bus.connection.nats.subscribe(control.subject("s_1"), { callback });
  }
  await scene.bus.connection.nats.flush();
  const interrupting = { ...message, mode: "interrupt" as const };
  await scene.bus.request(acceptMessageRequest, { nativeId: "n", session: "s_1", message: interrupting });
  await eventually(() => told.length === 2);
  for (const one of told) expect(one).toMatchObject({ session: "s_1", turns: ["t1"] });
});

test("the next input of a session is its oldest open message, and says whether others may join it", async () => {
  await using scene = await setScene();
  const one = { message: exampleMessage, stopRequested: false, openForMs: 1 };
  let open: { message: typeof exampleMessage; stopRequested: boolean; openForMs: number; othersMayJoin?: boolean }[] =
    [];
  await using _files = await playFiles(scene, { listOpen: () => ({ open, more: false }) });
  await using _dispatcher = await scene.start(RARELY);
  const ask = () => scene.bus.request(nextInputRequest, { session: exampleMessage.session });
  expect(await ask()).toEqual({});
  open = [one];
  expect(await ask()).toEqual({ input: exampleMessage });
  open = [{ ...one, othersMayJoin: true }];
  expect(await ask()).toEqual({ input: exampleMessage, othersMayJoin: true });
});

test("the settings are read again after they may have changed, and not after other changes", async () => {
  await using scene = await setScene();
  await using _files = await playFiles(scene);
  let read = 0;
  await using _config = await scene.play(readRequest, () => {
    read += 1;
    return { ...readRequest.example.reply, content: '{"queue":{"mode":"steer"}}' };
  });
  let arrival = 0;
  await using _store = await scene.play(storeMessageRequest, ({ session, message: kept }) => {
    expect(kept.mode).toBe("steer");
    return { session, arrival: (arrival += 1), duplicate: false };
  });
  await using _dispatcher = await scene.start(RARELY);
  const accept = () => scene.bus.request(acceptMessageRequest, { nativeId: `n${arrival}`, message });
  await accept();
  await accept();
  expect(read).toBe(1);
  const change = writtenEvent.example;
  const tell = async (path: string, pathCount: number) => {
    await scene.bus.publish(writtenEvent, "home", { ...change, paths: [{ path, kind: "updated" }], pathCount });
    await scene.bus.connection.nats.flush();
  };
  await tell("notes/milk.md", 1);
  await accept();
  expect(read).toBe(1);
  await tell("notes/milk.md", 500);
  await eventually(async () => (await accept(), read === 2));
  await tell("system/config.json", 1);
  await eventually(async () => (await accept(), read === 3));
});

test("the reconciler goes on after a failure, and rings every session of every page", async () => {
  await using scene = await setScene();
  let isBroken = true;
  await using _files = await playFiles(scene, {
    listOpen: ({ afterArrival }) => {
      if (isBroken) throw new TypeError("no");
      const arrival = afterArrival + 1;
      const open = {
        message: { ...exampleMessage, arrival, session: `s_${arrival}` },
        stopRequested: false,
        openForMs: 1,
      };
      return { open: [open], more: arrival < 3 };
    },
  });
  await using _dispatcher = await scene.start();
  await eventually(() => scene.hasSaid("reconciling failed, trying again"));
  isBroken = false;
  await eventually(async () => (await askStream(scene, "INFO.TURNS")).state?.messages === 3);
});

test("which messages join is answered from every page of what is open", async () => {
  await using scene = await setScene();
  await using _files = await playFiles(scene, {
    listOpen: ({ afterArrival }) => {
      const arrival = afterArrival + 1;
      const mode = arrival === 1 ? {} : { mode: "steer" as const };
      const one = { ...exampleMessage, ...mode, arrival, key: `k${arrival}` };
      return arrival > 3
        ? { open: [], more: true }
        : { open: [{ message: one, stopRequested: false, openForMs: 1 }], more: true };
    },
  });
  await using _dispatcher = await scene.start(RARELY);
  const asked = { session: exampleMessage.session, turn: "k1", joined: ["k2"], hasBegun: true };
  const { messages } = await scene.bus.request(readJoiningRequest, asked);
  expect(messages.map(({ key }) => key)).toEqual(["k3"]);
});

test("a dispatcher that may not make streams makes them with the identity that may", async () => {
  const config = `authorization { users: [
    { user: "plain", password: "plain", permissions: { publish: { deny: "$JS.API.STREAM.CREATE.>" }, subscribe: ">" } },
    { user: "maker", password: "maker" }
  ] }`;
  await using scene = await setScene({ config, user: "plain" });
  await using _files = await playFiles(scene);
  await using _dispatcher = await scene.start({ MATRIX_PROVISION_USER: "maker", MATRIX_PROVISION_PASSWORD: "maker" });
  expect((await askStream(scene, "INFO.TURNS")).state).toBeDefined();
});

test("without a broker at its start the streams are made as soon as there is one", async () => {
  await using scene = await setScene();
  await using _files = await playFiles(scene);
  const starting = scene.start({}, { whenConnected: () => scene.broker.kill("SIGKILL") });
  await eventually(() => scene.hasSaid("streams could not be made yet"));
  await scene.broker.restart();
  await using _dispatcher = await starting;
  expect((await askStream(scene, "INFO.TURNS")).state).toBeDefined();
});

test("cut off from the broker for longer than its lease a dispatcher asks for the lead again", async () => {
  await using scene = await setScene();
  await using _files = await playFiles(scene);
  let taken = 0;
  await using _leads = await scene.play(takeLeadRequest, () => ({ epoch: (taken += 1) }));
  await using _dispatcher = await scene.start();
  await eventually(() => taken === 1);
  await scene.broker.kill("SIGKILL");
  await eventually(() => scene.said.filter(({ text }) => text === "the lease could not be claimed").length >= 4, {
    withinMs: 40_000,
  });
  await scene.broker.restart({ emptyStore: true });
  await eventually(() => taken === 2, { withinMs: 30_000 });
});
