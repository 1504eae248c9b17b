import { createHash } from "node:crypto";
import { cpSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Random } from "./random.ts";

/** One call that changed the disk, with paths below the home. It counts from the moment it was done. */
export type DiskCall =
  | { readonly do: "create" | "folder" | "unlink" | "sync"; readonly path: string; readonly atMs: number }
  | {
      readonly do: "write";
      readonly path: string;
      readonly data: Buffer;
      readonly offset: number;
      readonly atMs: number;
    }
  | { readonly do: "cut"; readonly path: string; readonly size: number; readonly atMs: number }
  | { readonly do: "rename" | "link"; readonly path: string; readonly to: string; readonly atMs: number };

interface Node {
  readonly isFolder: boolean;
  data: Buffer;
  durable: Buffer;
}

/** What a power cut spares of what nobody waited for: nothing, the names, the names and half of the bytes, or what chance will. */
export const variants = ["nothing", "names", "halves", "chance"] as const;
export type Variant = (typeof variants)[number];

/** What a disk holds for certain and what it would have held in time, after each call. Names are durable by a sync of their folder only. */
export class DiskModel {
  readonly #base: string;
  readonly #cached = new Map<string, Node>();
  readonly #durable = new Map<string, Node>();

  /** Begins with a folder all of which is on the disk. */
  constructor(base: string) {
    this.#base = base;
    for (const entry of readdirSync(base, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name).slice(base.length + 1);
      if (path.startsWith(".matrix/history.git")) continue;
      const data = entry.isFile() ? readFileSync(join(base, path)) : Buffer.alloc(0);
      const node = { isFolder: entry.isDirectory(), data, durable: data };
      this.#cached.set(path, node);
      this.#durable.set(path, node);
    }
  }

  /** Plays one call. */
  play(call: DiskCall): void {
    const node = this.#cached.get(call.path);
    switch (call.do) {
      case "create":
      case "folder": {
        const fresh = { isFolder: call.do === "folder", data: Buffer.alloc(0), durable: Buffer.alloc(0) };
        if (node === undefined) this.#cached.set(call.path, fresh);
        return;
      }
      case "write":
        if (node !== undefined) node.data = splice(node.data, call.data, call.offset);
        return;
      case "cut":
        if (node !== undefined) node.data = Buffer.from(node.data.subarray(0, call.size));
        return;
      case "unlink":
        this.#cached.delete(call.path);
        return;
      case "rename":
      case "link":
        if (node !== undefined) this.#cached.set(call.to, node);
        if (call.do === "rename") this.#cached.delete(call.path);
        return;
      case "sync":
        return this.#sync(call.path, node);
      default:
        return call satisfies never;
    }
  }

  /** Makes the folder that a power cut would leave now; answers a hash of what differs from the beginning. */
  build(target: string, variant: Variant, random: Random): string {
    cpSync(this.#base, target, { recursive: true, verbatimSymlinks: true });
    const hash = createHash("sha256");
    const paths = [...new Set([...this.#cached.keys(), ...this.#durable.keys()])].toSorted();
    for (const path of paths) {
      const survives = variant === "nothing" || (variant === "chance" && random.below(2) === 0);
      const node = survives ? this.#durable.get(path) : this.#cached.get(path);
      const data = node === undefined ? undefined : keep(node, variant, random);
      place(join(target, path), node, data);
      hash.update(`${path}\n${node === undefined ? "-" : node.isFolder ? "folder" : ""}\n`).update(data ?? "");
    }
    return hash.digest("hex");
  }

  #sync(path: string, node: Node | undefined): void {
    if (node !== undefined && !node.isFolder) {
      node.durable = node.data;
      return;
    }
    const isInside = (other: string): boolean => (dirname(other) === "." ? "" : dirname(other)) === path;
    for (const name of this.#durable.keys()) if (isInside(name) && !this.#cached.has(name)) this.#durable.delete(name);
    for (const [name, inside] of this.#cached) if (isInside(name)) this.#durable.set(name, inside);
  }
}

function keep({ data, durable }: Node, variant: Variant, random: Random): Buffer {
  if (variant === "halves") return data.subarray(0, Math.floor((durable.length + data.length) / 2));
  if (variant === "chance") return data.subarray(0, random.between(Math.min(durable.length, data.length), data.length));
  return durable;
}

function place(path: string, node: Node | undefined, data: Buffer | undefined): void {
  if (node === undefined) return rmSync(path, { recursive: true, force: true });
  // A folder whose own name is lost takes everything in it along.
  if (!isFolder(dirname(path))) return;
  if (node.isFolder) mkdirSync(path, { recursive: true });
  else writeFileSync(path, data ?? Buffer.alloc(0));
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function splice(data: Buffer, part: Buffer, offset: number): Buffer {
  const whole = Buffer.alloc(Math.max(data.length, offset + part.length));
  data.copy(whole);
  part.copy(whole, offset);
  return whole;
}
