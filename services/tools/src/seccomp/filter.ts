import { type Architecture, toSyscallTable } from "./syscalls.ts";

/** One instruction of the kernel's packet filter machine (linux/filter.h). */
interface Instruction {
  readonly code: number;
  /** Instructions to skip when a comparison holds, and when it does not. */
  readonly skipIfSo: number;
  readonly skipIfNot: number;
  readonly value: number;
}

const LOAD = 0x20;
const IF_EQUAL = 0x15;
const IF_AT_LEAST = 0x35;
const IF_ANY_BIT = 0x45;
const RETURN = 0x06;

const KILL = 0x80000000;
const ALLOW = 0x7fff0000;
const ERROR = 0x00050000;
const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

// Where struct seccomp_data keeps them; of an argument its lower half, which is all that the kernel reads of these.
const NUMBER_AT = 0;
const ARCHITECTURE_AT = 4;
const argumentAt = (index: number): number => 16 + 8 * index;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET. */
const NAMESPACE_BITS = 0x7e020000;
const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
const PER_LINUX = 0;
const ASK_PERSONALITY = 0xffffffff;
const BYTES_OF_INSTRUCTION = 8;

/**
 * The seccomp program of every command, as bubblewrap takes it. A call for another processor kills; what is refused answers
 * EPERM, what is too new to be known ENOSYS (so that programs fall back), sockets other than unix and IP EAFNOSUPPORT.
 */
export function toSeccompProgram(architecture: Architecture): Buffer {
  const table = toSyscallTable(architecture);
  const { inspected } = table;
  return encode([
    load(ARCHITECTURE_AT),
    ...unless(IF_EQUAL, table.audit, answer(KILL)),
    load(NUMBER_AT),
    ...(table.foreignFrom === undefined ? [] : when(IF_AT_LEAST, table.foreignFrom, [answer(KILL)])),
    ...when(IF_AT_LEAST, table.newestKnown + 1, [fail(ENOSYS)]),
    // Its flags stand behind a pointer, which a filter can't follow; without it the C library uses clone.
    ...when(IF_EQUAL, inspected.clone3, [fail(ENOSYS)]),
    ...table.refused.flatMap((number) => when(IF_EQUAL, number, [fail(EPERM)])),
    ...when(IF_EQUAL, inspected.clone, [
      load(argumentAt(0)),
      ...when(IF_ANY_BIT, NAMESPACE_BITS, [fail(EPERM)]),
      answer(ALLOW),
    ]),
    ...when(IF_EQUAL, inspected.ioctl, [
      load(argumentAt(1)),
      ...when(IF_EQUAL, TIOCSTI, [fail(EPERM)]),
      ...when(IF_EQUAL, TIOCLINUX, [fail(EPERM)]),
      answer(ALLOW),
    ]),
    ...when(IF_EQUAL, inspected.socket, [
      load(argumentAt(0)),
      ...[AF_UNIX, AF_INET, AF_INET6].flatMap((family) => when(IF_EQUAL, family, [answer(ALLOW)])),
      fail(EAFNOSUPPORT),
    ]),
    ...when(IF_EQUAL, inspected.personality, [
      load(argumentAt(0)),
      ...[PER_LINUX, ASK_PERSONALITY].flatMap((value) => when(IF_EQUAL, value, [answer(ALLOW)])),
      fail(EPERM),
    ]),
    answer(ALLOW),
  ]);
}

function load(at: number): Instruction {
  return { code: LOAD, skipIfSo: 0, skipIfNot: 0, value: at };
}

function answer(value: number): Instruction {
  return { code: RETURN, skipIfSo: 0, skipIfNot: 0, value };
}

function fail(errno: number): Instruction {
  return answer(ERROR | errno);
}

function when(code: number, value: number, block: readonly Instruction[]): Instruction[] {
  return [{ code, skipIfSo: 0, skipIfNot: block.length, value }, ...block];
}

function unless(code: number, value: number, otherwise: Instruction): Instruction[] {
  return [{ code, skipIfSo: 1, skipIfNot: 0, value }, otherwise];
}

function encode(instructions: readonly Instruction[]): Buffer {
  const program = Buffer.alloc(instructions.length * BYTES_OF_INSTRUCTION);
  for (const [index, { code, skipIfSo, skipIfNot, value }] of instructions.entries()) {
    const at = index * BYTES_OF_INSTRUCTION;
    program.writeUInt16LE(code, at);
    program.writeUInt8(skipIfSo, at + 2);
    program.writeUInt8(skipIfNot, at + 3);
    program.writeUInt32LE(value >>> 0, at + 4);
  }
  return program;
}
