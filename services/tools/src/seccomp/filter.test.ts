import { expect, test } from "vitest";
import { toSeccompProgram } from "./filter.ts";
import { type Architecture, toSyscallTable } from "./syscalls.ts";

const ALLOW = 0x7fff0000;
const EPERM = 0x00050001;
const ENOSYS = 0x00050026;
const EAFNOSUPPORT = 0x00050061;
const KILL = 0x80000000;
const audits = { x64: 0xc000003e, arm64: 0xc00000b7 };

function holds(code: number, loaded: number, value: number): boolean {
  if (code === 0x15) return loaded === value;
  return code === 0x35 ? loaded >= value : (loaded & value) !== 0;
}

/** Runs the program as the kernel does, over the lower halves of the arguments. */
function run(
  architecture: Architecture,
  number: number,
  { args = [], audit = audits[architecture] }: { args?: readonly number[]; audit?: number } = {},
): number {
  const program = toSeccompProgram(architecture);
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number, 0);
  data.writeUInt32LE(audit, 4);
  for (const [index, value] of args.entries()) data.writeUInt32LE(value >>> 0, 16 + 8 * index);
  let loaded = 0;
  for (let at = 0; at < program.length; at += 8) {
    const [code, value] = [program.readUInt16LE(at), program.readUInt32LE(at + 4)];
    if (code === 0x06) return value;
    if (code === 0x20) loaded = data.readUInt32LE(value);
    else {
      at += 8 * program.readUInt8(at + (holds(code, loaded, value) ? 2 : 3));
    }
  }
  throw new Error("the program ends without an answer");
}

test.each(["x64", "arm64"] as const)("%s: refused calls, inspected arguments, strangers", (architecture) => {
  const { refused, inspected } = toSyscallTable(architecture);
  expect(refused.length).toBeGreaterThan(50);
  expect(new Set(refused).size).toBe(refused.length);
  for (const number of refused) expect(run(architecture, number)).toBe(EPERM);
  expect(run(architecture, 0)).toBe(ALLOW);
  expect(run(architecture, inspected.clone3)).toBe(ENOSYS);
  expect(run(architecture, 5_000)).toBe(ENOSYS);
  expect(run(architecture, inspected.clone, { args: [0x01200011] })).toBe(ALLOW);
  expect(run(architecture, inspected.clone, { args: [0x10000011] })).toBe(EPERM);
  expect(run(architecture, inspected.ioctl, { args: [0, 0x5412] })).toBe(EPERM);
  expect(run(architecture, inspected.ioctl, { args: [0, 0x5401] })).toBe(ALLOW);
  expect([1, 2, 10, 16, 17, 40].map((family) => run(architecture, inspected.socket, { args: [family] }))).toEqual([
    ALLOW,
    ALLOW,
    ALLOW,
    EAFNOSUPPORT,
    EAFNOSUPPORT,
    EAFNOSUPPORT,
  ]);
  expect([0, 0xffffffff, 0x40000].map((value) => run(architecture, inspected.personality, { args: [value] }))).toEqual([
    ALLOW,
    ALLOW,
    EPERM,
  ]);
  expect(run(architecture, 0, { audit: 0x40000003 })).toBe(KILL);
});

test("the x32 convention of x64 kills", () => {
  expect(run("x64", 0x40000000 + 39)).toBe(KILL);
});
