import type { IncomingMessage, ServerResponse } from "node:http";
import { OsError } from "@matrix-os/contracts/errors";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Reach } from "../../src/address/find-target.ts";
import { type Hop, fetchOutside } from "../../src/http/fetch-outside.ts";
import { outside } from "../../src/http/outside.ts";
import { refusedAddresses } from "./vectors.ts";
import { type WebWorld, startWebWorld } from "./web-world.ts";

let world: WebWorld;
let hops: Hop[];

beforeAll(async () => {
  world = await startWebWorld(answerInPublic);
});
beforeEach(() => {
  hops = [];
  for (const list of [world.reached, world.dialled, world.asked]) list.length = 0;
});
afterAll(() => world[Symbol.asyncDispose]());

const redirects: Readonly<Record<string, (to: string) => [status: number, location: string]>> = {
  "/to": (to) => [302, to],
  "/308": (to) => [308, to],
  "/twice": (to) => [301, `/to?${to}`],
  "/loop": () => [302, "/loop"],
  "/steps/4": () => [303, "/steps/3"],
  "/steps/3": () => [303, "/steps/2"],
  "/steps/2": () => [303, "/steps/1"],
  "/steps/1": () => [303, "/steps/0"],
};

function answerInPublic(request: IncomingMessage, answer: ServerResponse): void {
  const [path = "", to = ""] = (request.url ?? "").split(/\?(.*)/s);
  const redirect = redirects[path]?.(to);
  if (redirect === undefined) {
    answer.writeHead(200, { "content-type": "text/plain", "set-cookie": "a=b" }).end("public text");
  } else answer.writeHead(redirect[0], { location: redirect[1] }).end("moved");
}

const nothing: Reach = { ports: [], allow: new Set() };
const get = (url: string, reach: Reach = nothing, real = false) =>
  fetchOutside(url.replaceAll("PORT", String(world.port)), {
    world: real ? outside : world.outside,
    reach,
    signal: new AbortController().signal,
    onHop: (hop) => hops.push(hop),
  });

test("there are at least 80 vectors, each its own", () => {
  expect(new Set(refusedAddresses).size).toBe(refusedAddresses.length);
  expect(refusedAddresses.length).toBeGreaterThanOrEqual(80);
});

test.each(refusedAddresses)("%j reaches nothing that is not public", async (url) => {
  const thrown: unknown = await get(url).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(OsError);
  expect(thrown).toMatchObject({ kind: "rejected", code: "denied", field: "url" });
  expect(world.reached).toEqual([]);
  expect(world.dialled.filter((place) => place !== "93.184.216.34:80")).toEqual([]);
});

test.each(refusedAddresses)("%j reaches no listener with the machine's own resolver either", async (url) => {
  if (url.includes(".example")) return expect(url).toContain(".example");
  await expect(get(url, nothing, true)).rejects.toMatchObject({ code: "denied" });
  expect(world.reached).toEqual([]);
});

test.each(["http://127.0.0.1:PORT/", "http://2130706433:PORT/", "http://１２７.1:PORT/", "http://0177.0.0.1:PORT/"])(
  "%s reaches the same listener when the owner allows that address and port",
  async (url) => {
    const allow = new Set([`127.0.0.1:${world.port}`]);
    expect((await get(url, { ports: [], allow }, true)).body.toString()).toBe("the secret of loopback");
    expect(world.reached).toEqual(["/"]);
    await expect(get("http://127.0.0.1:1/", { ports: [], allow }, true)).rejects.toMatchObject({ code: "denied" });
    await expect(get(`http://127.0.0.2:PORT/`, { ports: [], allow }, true)).rejects.toMatchObject({ code: "denied" });
  },
);

test("a redirect leads to loopback only if that is allowed too", async () => {
  const to = "http://public.example/to?http://127.0.0.1:PORT/deep";
  const { url, host } = await get(to, { ports: [], allow: new Set([`127.0.0.1:${world.port}`]) });
  expect([url.pathname, host]).toEqual(["/deep", "127.0.0.1"]);
  expect(world.reached).toEqual(["/deep"]);
});

test("the connection goes to the address that was checked, whatever the name leads to a moment later", async () => {
  expect((await get("http://rebinding.example/")).body.toString()).toBe("public text");
  expect(world.dialled).toEqual(["93.184.216.34:80"]);
  await expect(get("http://rebinding.example/")).rejects.toMatchObject({ code: "denied" });
  expect(world.reached).toEqual([]);
});

test.each(["http://public.example/", "http://PUBLIC.example:80/", "http://public.example./", "http://other.example/x"])(
  "%s is read",
  async (url) => {
    expect((await get(url)).body.toString()).toBe("public text");
  },
);

test("another port is read where the owner's policy lists it", async () => {
  await get("http://public.example:8080/", { ports: [8080], allow: new Set() });
  expect(world.dialled).toEqual(["93.184.216.34:8080"]);
  await expect(get("http://loop.example:8080/", { ports: [8080], allow: new Set() })).rejects.toThrow("loopback");
});

test("three redirects are followed, a fourth is not; each hop is told without its query", async () => {
  expect((await get("http://public.example/steps/3?q=secret")).status).toBe(200);
  expect(hops.map(({ host, status }) => [host, status])).toEqual([
    ["public.example", 303],
    ["public.example", 303],
    ["public.example", 303],
    ["public.example", 200],
  ]);
  expect(JSON.stringify(hops)).not.toContain("secret");
  await expect(get("http://public.example/steps/4")).rejects.toThrow("more than 3 times");
});

test("no cookie, no credential and no proxy goes along, also after a redirect that sets one", async () => {
  await get("http://public.example/to?/plain");
  expect(world.asked).toHaveLength(2);
  for (const { headers } of world.asked) {
    expect(Object.keys(headers).toSorted()).toEqual(["accept", "accept-encoding", "connection", "host", "user-agent"]);
  }
});
