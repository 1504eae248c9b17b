import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openOwnerToken } from "./owner-token.ts";

let state: string;
const openToken = (at: string) => openOwnerToken(at, () => undefined);
const readOwnerToken = async (at: string) => (await openToken(at)).read(Date.now());

beforeEach(async () => {
  state = join(await mkdtemp(join(tmpdir(), "token-")), "state");
});
afterEach(() => rm(join(state, ".."), { recursive: true }));

test("twenty that start together agree on one token, and leave nothing else behind", async () => {
  const tokens = new Set(await Promise.all(Array.from({ length: 20 }, () => readOwnerToken(state))));
  expect(tokens.size).toBe(1);
  expect(await readdir(state)).toEqual(["owner.token"]);
  expect([await readFile(join(state, "owner.token"), "utf8")]).toEqual([...tokens]);
  expect((await stat(state)).mode & 0o777).toBe(0o700);
});

test("a token that others could read is closed to them; an empty one is refused", async () => {
  const token = await readOwnerToken(state);
  await chmod(join(state, "owner.token"), 0o644);
  expect(await readOwnerToken(state)).toBe(token ?? "none");
  expect((await stat(join(state, "owner.token"))).mode & 0o777).toBe(0o600);
  await writeFile(join(state, "owner.token"), "\n");
  await expect(readOwnerToken(state)).rejects.toThrow(/delete the file/);
});

test("a renewed one is seen by others half a second later, and is the only one", async () => {
  const [one, other] = [await openToken(state), await openToken(state)];
  const before = await one.read(Date.now());
  const fresh = await one.rotate();
  expect(fresh).not.toBe(before);
  expect([await one.read(Date.now()), await other.read(Date.now() + 500)]).toEqual([fresh, fresh]);
  expect(await readdir(state)).toEqual(["owner.token"]);
  expect((await stat(join(state, "owner.token"))).mode & 0o777).toBe(0o600);
});

test("without its file nobody is the owner by a token", async () => {
  const token = await openToken(state);
  await rm(join(state, "owner.token"));
  expect(await token.read(Date.now() + 500)).toBeUndefined();
});

test("each token that counts is told, so that it can be kept out of texts", async () => {
  const learned: string[] = [];
  const token = await openOwnerToken(state, (each) => learned.push(each));
  const first = await token.read(Date.now());
  const second = await token.rotate();
  const other = await (await openToken(state)).rotate();
  await token.read(Date.now() + 500);
  expect(learned).toEqual([first, second, other]);
});
