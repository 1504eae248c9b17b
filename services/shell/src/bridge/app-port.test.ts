import { MAX_PENDING_REQUESTS, type BridgeMessage, type BridgeRequest } from "@matrix-os/contracts/app/bridge";
import type { AppPermission } from "@matrix-os/contracts/app/manifest";
import { rejected } from "@matrix-os/contracts/errors";
import { afterEach, describe, expect, test } from "vitest";
import { type AppPort, openAppPort } from "./app-port.ts";
import { FLOOD_PER_SECOND, MAX_MESSAGES_PER_SECOND, createMeter } from "./limits.ts";

interface App {
  readonly say: (data: unknown) => void;
  readonly heard: BridgeMessage[];
  readonly asked: BridgeRequest[];
  readonly floods: number[];
}

const opened: { close(): void }[] = [];

function startApp(
  options: { permissions?: AppPermission[]; answer?: (request: BridgeRequest) => Promise<unknown> } = {},
): App {
  const channel = new MessageChannel();
  const app: App = { say: (data) => channel.port2.postMessage(data, []), heard: [], asked: [], floods: [] };
  const shell: AppPort = openAppPort({
    port: channel.port1,
    permissions: options.permissions ?? ["storage"],
    meter: createMeter(60_000),
    answer: async (request) => {
      app.asked.push(request);
      return (await options.answer?.(request)) ?? "yes";
    },
    onFlood: () => app.floods.push(1),
  });
  channel.port2.addEventListener("message", (event: MessageEvent<BridgeMessage>) => app.heard.push(event.data));
  channel.port2.start();
  opened.push(shell, channel.port2);
  return app;
}

afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

describe("the port to an app", () => {
  test("a permitted request is answered with its number", async () => {
    const app = startApp();
    app.say({ id: 7, do: "storage.get", key: "a" });
    await expect.poll(() => app.heard).toEqual([{ type: "answer", id: 7, value: "yes" }]);
  });

  test.each<[string, unknown, string]>([
    ["without the permission", { id: 1, do: "sql.query", statement: { text: "select 1" } }, "denied"],
    ["that nobody knows", { id: 1, do: "shell.run", command: "rm" }, "invalid"],
    ["with a key that is too long", { id: 1, do: "storage.get", key: "k".repeat(201) }, "invalid"],
    ["that is huge", { id: 1, do: "storage.set", key: "k", value: "x".repeat(300_000) }, "too-large"],
  ])("a request %s is refused and never carried out", async (_, request, code) => {
    const app = startApp();
    app.say(request);
    await expect.poll(() => app.heard).toMatchObject([{ type: "refusal", id: 1, code }]);
    expect(app.asked).toEqual([]);
  });

  test.each(["text", 7, null, [], { id: "x" }])("nonsense (%j) is refused without a number", async (nonsense) => {
    const app = startApp();
    app.say(nonsense);
    await expect.poll(() => app.heard).toMatchObject([{ type: "refusal", id: -1 }]);
  });

  test("a failure is told with its code", async () => {
    const app = startApp({ answer: async () => Promise.reject(rejected("conflict", "changed since")) });
    app.say({ id: 1, do: "storage.keys" });
    await expect
      .poll(() => app.heard)
      .toEqual([{ type: "refusal", id: 1, code: "conflict", message: "changed since" }]);
  });

  test("requests under way are bounded; each that ends makes room", async () => {
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const app = startApp({ answer: async () => await gate });
    for (let id = 1; id <= MAX_PENDING_REQUESTS + 1; id += 1) app.say({ id, do: "storage.keys" });
    await expect.poll(() => app.heard).toMatchObject([{ type: "refusal", id: MAX_PENDING_REQUESTS + 1, code: "busy" }]);
    finish();
    await expect.poll(() => app.heard.length).toBe(MAX_PENDING_REQUESTS + 1);
    app.say({ id: 100, do: "storage.keys" });
    await expect.poll(() => app.heard.at(-1)).toMatchObject({ type: "answer", id: 100 });
  });

  test("too many messages are refused; a flood closes the port", async () => {
    const app = startApp();
    for (let id = 1; id <= FLOOD_PER_SECOND + 100; id += 1) app.say({ id, do: "keep", state: 1 });
    await expect.poll(() => app.floods.length).toBe(1);
    expect(app.asked).toHaveLength(MAX_MESSAGES_PER_SECOND);
  });
});
