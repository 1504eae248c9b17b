import { mkdtemp, readFile, readdir, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DEVICE_LIFETIME_MS, openDevices } from "./devices.ts";

let state: string;
const folder = () => join(state, "auth", "devices");
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "devices-"));
});
afterEach(() => rm(state, { recursive: true }));

test("a cookie finds its device, and no other text does", async () => {
  using devices = await openDevices(state);
  const cookie = await devices.create("browser", 0);
  expect(await devices.find(cookie, 0)).toMatchObject({ userAgent: "browser", createdAt: "1970-01-01T00:00:00.000Z" });
  for (const wrong of ["", `${cookie}x`, "../../owner.token"]) expect(await devices.find(wrong, 0)).toBeUndefined();
  expect((await readdir(folder())).join()).not.toContain(cookie);
});

test("is logged out after ninety days", async () => {
  using devices = await openDevices(state);
  const cookie = await devices.create("browser", 0);
  expect(await devices.find(cookie, DEVICE_LIFETIME_MS - 1)).toBeDefined();
  expect(await devices.find(cookie, DEVICE_LIFETIME_MS + 1_000)).toBeUndefined();
  expect(await devices.list(DEVICE_LIFETIME_MS)).toEqual([]);
});

test("when it was last seen is written down now and then", async () => {
  using devices = await openDevices(state);
  const cookie = await devices.create("browser", 0);
  await devices.find(cookie, 60_000);
  expect((await devices.list(0))[0]?.lastSeen).toBe("1970-01-01T00:00:00.000Z");
  await devices.find(cookie, 700_000);
  expect((await devices.list(0))[0]?.lastSeen).toBe("1970-01-01T00:11:40.000Z");
});

test("removed by another process it is gone within a second, and listeners are told", async () => {
  using devices = await openDevices(state);
  const cookie = await devices.create("browser", 0);
  const id = (await devices.find(cookie, 0))?.id ?? "";
  const told = new Promise<void>((resolve) => void devices.onRemoved(id, resolve));
  await unlink(join(folder(), `${id}.json`));
  await told;
  expect(await devices.find(cookie, 1_000)).toBeUndefined();
});

test("who stopped listening is not told", async () => {
  using devices = await openDevices(state);
  const cookie = await devices.create("browser", 0);
  const id = (await devices.find(cookie, 0))?.id ?? "";
  const told: string[] = [];
  const stop = devices.onRemoved(id, () => told.push("first"));
  devices.onRemoved(id, () => told.push("second"));
  stop();
  await devices.remove(id);
  expect(told).toEqual(["second"]);
  await expect(devices.remove(id)).rejects.toMatchObject({ code: "not-found" });
  await expect(devices.remove("../../owner")).rejects.toMatchObject({ code: "not-found" });
});

test("a damaged file logs nobody in", async () => {
  using devices = await openDevices(state);
  const cookie = await devices.create("browser", 0);
  const [name = ""] = await readdir(folder());
  await writeFile(join(folder(), name), (await readFile(join(folder(), name), "utf8")).slice(0, 10));
  expect(await devices.find(cookie, 0)).toBeUndefined();
});
