import { expect, it } from "vitest";
import { HotFiles } from "./hot-files.ts";
import { SyncGate } from "./sync.ts";

it("callers that come during a sync share the next one", async () => {
  const ends: (() => void)[] = [];
  const gate = new SyncGate(() => new Promise((resolve) => ends.push(resolve)));
  const first = gate.pass();
  const others = [gate.pass(), gate.pass(), gate.pass()];
  expect(ends.length).toBe(1);
  ends[0]?.();
  await first;
  await Promise.resolve();
  expect(ends.length).toBe(2);
  ends[1]?.();
  await Promise.all(others);
  expect(ends.length).toBe(2);
});

it("a failed sync fails those who waited for it, and the next one starts afresh", async () => {
  let fails = true;
  const gate = new SyncGate(() => (fails ? Promise.reject(new Error("EIO")) : Promise.resolve()));
  const first = gate.pass();
  const second = gate.pass();
  await expect(first).rejects.toThrow("EIO");
  await expect(second).rejects.toThrow("EIO");
  fails = false;
  await gate.pass();
});

it("files in use stay open past the bound and close once they are not", async () => {
  const open = new Set<number>();
  const files = new HotFiles<{ file: Disposable; users: number }>();
  const make = (id: number) => {
    open.add(id);
    return files.keep(`${id}`, { file: { [Symbol.dispose]: () => open.delete(id) }, users: 0 });
  };
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const busy = make(0);
  const working = files.use("0", busy, () => held);
  for (let id = 1; id <= 100; id += 1) make(id);
  expect([open.size, open.has(0)]).toEqual([64, true]);
  release();
  await working;
  expect(files.get("0")).toBe(busy);
  await expect(files.use("0", busy, () => Promise.reject(new Error("EIO")))).rejects.toThrow("EIO");
  expect([files.get("0"), open.has(0)]).toEqual([undefined, false]);
  files[Symbol.dispose]();
  expect(open.size).toBe(0);
});
