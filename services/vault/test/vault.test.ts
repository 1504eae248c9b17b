import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OsError } from "@matrix-os/contracts/errors";
import { createLog } from "@matrix-os/runtime/log";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readVaultConfig } from "../src/config.ts";
import { type VaultDeps, createVaultDeps } from "../src/deps.ts";
import { listSecrets } from "../src/on-request/list-secrets.ts";
import { readFingerprints } from "../src/on-request/read-fingerprints.ts";
import { readModelKey } from "../src/on-request/read-model-key.ts";
import { removeSecret } from "../src/on-request/remove-secret.ts";
import { setSecret } from "../src/on-request/set-secret.ts";

let folder: ReturnType<typeof tempFolder>;
let told: unknown[];
beforeEach(() => {
  folder = tempFolder("vault");
  told = [];
});
afterEach(() => folder[Symbol.dispose]());

const at = (name: string) => join(folder.path, "vault", name);

function open(env: Record<string, string> = {}): Promise<VaultDeps> {
  const bus = { publish: async (_contract: unknown, _key: string, body: unknown) => void told.push(body) };
  return createVaultDeps(readVaultConfig({ MATRIX_STATE: folder.path, HOME: folder.path, ...env }), {
    bus: bus as never,
    log: createLog("error"),
  });
}

type Keeping = { readonly expect?: "present" };

function set(deps: VaultDeps, ...[name, value, more = {}]: [name: string, value: string, more?: Keeping]) {
  return setSecret({ name, value, expect: "any", ...more }, deps);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "done",
    (thrown: unknown) => (thrown instanceof OsError ? `${thrown.code} ${thrown.message}` : String(thrown)),
  );
}

test("a secret survives a restart, is listed by name, and its file holds nothing readable", async () => {
  const first = await open();
  expect(await set(first, "ANTHROPIC_API_KEY", "a-model-key-1")).toMatchObject({ version: 1, readers: ["kernel"] });
  expect(await readModelKey({}, await open())).toEqual({ value: "a-model-key-1" });
  const { secrets, keyIn } = await listSecrets({}, first);
  expect(secrets.map(({ name, earlier }) => [name, earlier])).toEqual([["ANTHROPIC_API_KEY", 0]]);
  expect(keyIn).toBe("file");
  for (const name of readdirSync(at(""))) {
    expect(statSync(at(name)).mode & 0o777, name).toBe(0o600);
    expect(readFileSync(at(name), "latin1")).not.toContain("model-key");
  }
  expect(readFileSync(at("secrets.json"), "utf8")).not.toContain("ANTHROPIC_API_KEY");
});

test("rotating gives the new value only, while earlier ones are still recognised; removing forgets all", async () => {
  const deps = await open();
  for (const round of [1, 2, 3, 4, 5]) await set(deps, "ANTHROPIC_API_KEY", `a-model-key-${round}`);
  expect(await readModelKey({}, deps)).toEqual({ value: "a-model-key-5" });
  expect((await listSecrets({}, deps)).secrets).toMatchObject([{ version: 5, earlier: 2 }]);
  const { fingerprints } = await readFingerprints({}, deps);
  const plain = fingerprints.filter(({ bytes }) => bytes === "a-model-key-5".length);
  expect(plain).toHaveLength(3);
  await removeSecret({ name: "ANTHROPIC_API_KEY" }, deps);
  expect(await readModelKey({}, deps)).toEqual({});
  expect((await readFingerprints({}, deps)).fingerprints).toEqual([]);
  expect(told.at(-1)).toEqual({ name: "ANTHROPIC_API_KEY", how: "removed" });
  expect(JSON.stringify(told)).not.toContain("a-model-key");
});

test("what is not there can't be rotated or removed", async () => {
  const deps = await open();
  expect(await codeOf(set(deps, "NONE", "some-value", { expect: "present" }))).toMatch(/^not-found/);
  expect(await codeOf(removeSecret({ name: "NONE" }, deps))).toMatch(/^not-found/);
  expect(told).toEqual([]);
});

test("many at once are all kept", async () => {
  const deps = await open();
  await Promise.all(Array.from({ length: 30 }, (_, index) => set(deps, `S${index}`, `value-number-${index}`)));
  expect((await listSecrets({}, await open())).secrets).toHaveLength(30);
});

test("a full vault says so and stays as it is", async () => {
  const deps = await open();
  for (let index = 0; index < 50; index += 1) await set(deps, `S${index}`, "some-value");
  expect(await codeOf(set(deps, "ONE_MORE", "some-value"))).toMatch(/^too-large/);
  expect(await set(deps, "S1", "other-value")).toMatchObject({ version: 2 });
});

test.each([
  [
    "a changed byte",
    (text: string) => text.replace(/"data":"(.)/, (_all, letter) => `"data":"${letter === "A" ? "B" : "A"}`),
  ],
  ["another claim about the key", (text: string) => text.replace(/"keyId":"./, '"keyId":"_')],
  ["a torn file", (text: string) => text.slice(0, 100)],
  ["no JSON", () => "not json"],
  ["an empty file", () => ""],
])("%s is told at every call, changes nothing, and heals without a restart", async (_what, spoil) => {
  await set(await open(), "ANTHROPIC_API_KEY", "a-model-key-1");
  const good = readFileSync(at("secrets.json"), "utf8");
  const bad = spoil(good);
  expect(bad).not.toBe(good);
  writeFileSync(at("secrets.json"), bad);
  const deps = await open();
  for (const call of [() => readModelKey({}, deps), () => listSecrets({}, deps), () => set(deps, "X", "some-value")]) {
    const code = await codeOf(call());
    expect(code).toMatch(/^vault-locked .*secrets\.json can't be opened/);
    expect(code).not.toContain("a-model-key");
  }
  expect(readFileSync(at("secrets.json"), "utf8")).toBe(bad);
  writeFileSync(at("secrets.json"), good);
  expect(await readModelKey({}, deps)).toEqual({ value: "a-model-key-1" });
});

test("a missing or foreign key file is told, and never replaced", async () => {
  await set(await open(), "ANTHROPIC_API_KEY", "a-model-key-1");
  rmSync(at("key"));
  expect(await codeOf(readModelKey({}, await open()))).toMatch(/^vault-locked .*key is missing/);
  expect(existsSync(at("key"))).toBe(false);
  writeFileSync(at("key"), Buffer.alloc(32).toString("base64"));
  expect(await codeOf(readModelKey({}, await open()))).toMatch(/^vault-locked .*another one/);
});

/** A program that keeps secrets in files, as `secret-tool` does in the keyring. */
function putSecretTool(): Record<string, string> {
  const bin = join(folder.path, "bin");
  mkdirSync(bin);
  const script = `#!/bin/sh
case "$1" in
  store) cat > "${folder.path}/ring-$6" ;;
  lookup) cat "${folder.path}/ring-$5" ;;
esac
`;
  writeFileSync(join(bin, "secret-tool"), script);
  chmodSync(join(bin, "secret-tool"), 0o755);
  return { PATH: `${bin}:/usr/bin:/bin`, DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere" };
}

test("where a keyring answers the key is in it and in no file", async () => {
  const env = putSecretTool();
  await set(await open(env), "ANTHROPIC_API_KEY", "a-model-key-1");
  expect(readdirSync(at(""))).toEqual(["secrets.json"]);
  const again = await open(env);
  expect((await listSecrets({}, again)).keyIn).toBe("keyring");
  expect(await readModelKey({}, again)).toEqual({ value: "a-model-key-1" });
  expect(await codeOf(readModelKey({}, await open()))).toMatch(/^vault-locked .*keyring/);
});

test("a keyring that is demanded and away is told, not replaced by a file", async () => {
  expect(await codeOf(listSecrets({}, await open({ MATRIX_VAULT_KEY_IN: "keyring" })))).toMatch(
    /^vault-locked .*keyring/,
  );
  expect(existsSync(at("key"))).toBe(false);
});
