import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLoginLinks } from "./login-links.ts";

const MINUTE = 60_000;
let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "links-"));
});
afterEach(() => rm(state, { recursive: true }));

test("a code is good for one login within ten minutes, and is not kept itself", async () => {
  const links = await openLoginLinks(state);
  const { code, expiresAt } = await links.create(0);
  expect(expiresAt).toBe(new Date(10 * MINUTE).toISOString());
  expect((await readdir(join(state, "auth", "links"))).some((name) => name.includes(code))).toBe(false);
  expect([await links.redeem(code, MINUTE), await links.redeem(code, MINUTE)]).toEqual([true, false]);
  const late = await links.create(0);
  expect(await links.redeem(late.code, 10 * MINUTE)).toBe(false);
  expect(await readdir(join(state, "auth", "links"))).toEqual([]);
});

test("survives a restart, and has one winner among several gateways", async () => {
  const { code } = await (await openLoginLinks(state)).create(0);
  const gateways = await Promise.all(Array.from({ length: 10 }, () => openLoginLinks(state)));
  const wins = await Promise.all(gateways.map((links) => links.redeem(code, 1)));
  expect(wins.filter(Boolean).length).toBe(1);
});

test("a hundred may wait, more are refused until some have expired", async () => {
  const links = await openLoginLinks(state);
  for (let n = 0; n < 100; n += 1) await links.create(0);
  await expect(links.create(1)).rejects.toMatchObject({ code: "busy", retryAfterMs: 10 * MINUTE });
  await links.create(10 * MINUTE);
  expect((await readdir(join(state, "auth", "links"))).length).toBe(1);
});

test.each(["", "../owner.token", "x".repeat(10_000)])("a code that never was is refused: %j", async (code) => {
  expect(await (await openLoginLinks(state)).redeem(code, 0)).toBe(false);
});
