import type { Bus } from "@matrix-os/bus";
import { sayNow } from "@matrix-os/bus/publish";
import { rejected } from "@matrix-os/contracts/errors";
import { contentStream } from "@matrix-os/contracts/file/content.stream";
import { deleteRequest } from "@matrix-os/contracts/file/delete.request";
import { historyRequest } from "@matrix-os/contracts/file/history.request";
import { listRequest } from "@matrix-os/contracts/file/list.request";
import { moveRequest } from "@matrix-os/contracts/file/move.request";
import { readChangesRequest } from "@matrix-os/contracts/file/read-changes.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { receiveRequest } from "@matrix-os/contracts/file/receive.request";
import { sendRequest } from "@matrix-os/contracts/file/send.request";
import { undoRequest } from "@matrix-os/contracts/file/undo.request";
import { type Change, writtenEvent } from "@matrix-os/contracts/file/written.event";
import { type Respond, sha256 } from "./respond.ts";

const KEPT_BYTES = 20_000_000;
const at = "2026-11-24T12:00:00.000Z";

interface FakeFile {
  readonly size: number;
  readonly hash: string;
  readonly bytes: (offset: number, length: number) => AsyncIterable<Uint8Array>;
}

/** Files in memory, with conditions, streams and numbered changes. */
export class FakeFiles {
  readonly bus: Bus;
  readonly files = new Map<string, FakeFile>();
  readonly changes: Change[] = [];
  /** Changes up to this number are no longer kept. */
  forgotten = 0;
  readonly asked: unknown[] = [];
  loseEvents = false;

  constructor(bus: Bus) {
    this.bus = bus;
  }

  put(path: string, content: string | Uint8Array): string {
    const buffer = Buffer.from(content as Uint8Array);
    const hash = sha256(buffer);
    this.files.set(path, {
      size: buffer.length,
      hash,
      bytes: async function* (offset, length) {
        yield buffer.subarray(offset, offset + length);
      },
    });
    return hash;
  }

  /** A file that exists only while it is read. */
  putLarge(path: string, size: number): void {
    const block = Buffer.alloc(100_000, 120);
    this.files.set(path, {
      size,
      hash: sha256(path),
      bytes: async function* (_offset, length) {
        for (let left = length; left > 0; left -= block.length) yield block.subarray(0, Math.min(left, block.length));
      },
    });
  }

  tell(path: string): Change {
    const change: Change = {
      seq: this.changes.length + 1,
      change: `c_${this.changes.length + 1}`,
      at,
      origin: { actor: "owner" },
      paths: [{ path, kind: "updated" }],
      pathCount: 1,
    };
    this.changes.push(change);
    if (!this.loseEvents) sayNow(this.bus.connection, { contract: writtenEvent, key: "home", body: change });
    return change;
  }

  private check(path: string, ifMatch: string | undefined): void {
    const existing = this.files.get(path)?.hash;
    if (ifMatch !== undefined && (existing ?? "absent") !== ifMatch) throw rejected("conflict", "changed");
  }

  answer(respond: Respond): void {
    respond(sendRequest, (request) => {
      this.asked.push(request);
      const file = this.files.get(request.path);
      if (file === undefined && [...this.files.keys()].some((path) => path.startsWith(`${request.path}/`)))
        throw rejected("is-folder", "a folder");
      if (file === undefined) throw rejected("not-found", "no such file");
      const length = Math.min(request.lengthBytes ?? file.size, file.size - request.offset);
      if (request.transfer !== undefined) {
        const to = { contract: contentStream, transfer: request.transfer };
        this.bus.sendParts(to, file.bytes(request.offset, length)).catch(() => undefined);
      }
      return {
        hash: file.hash,
        sizeBytes: file.size,
        modifiedAt: at,
        sentBytes: request.transfer === undefined ? 0 : length,
      };
    });
    respond(readRequest, async ({ path }) => {
      const file = this.files.get(path);
      if (file === undefined) throw rejected("not-found", "no such file");
      const chunks: Uint8Array[] = [];
      for await (const chunk of file.bytes(0, file.size)) chunks.push(chunk);
      const content = Buffer.concat(chunks).toString();
      return {
        path,
        content,
        encoding: "utf8" as const,
        hash: file.hash,
        sizeBytes: file.size,
        modifiedAt: at,
        truncated: false,
      };
    });
    respond(receiveRequest, async (request) => {
      this.asked.push(request);
      this.check(request.path, request.ifMatch);
      const chunks: Uint8Array[] = [];
      let kept = 0;
      for await (const chunk of this.bus.receiveParts({ contract: contentStream, transfer: request.transfer })) {
        // Long files are only counted: the test is about the gateway's memory.
        if (kept < KEPT_BYTES) chunks.push(chunk);
        kept += chunk.length;
      }
      const created = !this.files.has(request.path);
      const hash = this.put(request.path, Buffer.concat(chunks));
      const { seq, change } = this.tell(request.path);
      return { path: request.path, hash, sizeBytes: this.files.get(request.path)?.size ?? 0, created, change, seq };
    });
    respond(deleteRequest, (request) => {
      const { path, ifMatch } = request;
      this.asked.push(request);
      if (!this.files.has(path)) throw rejected("not-found", "no such file");
      this.check(path, ifMatch);
      this.files.delete(path);
      const { seq, change } = this.tell(path);
      return { path, created: false, change, seq };
    });
    respond(moveRequest, (request) => {
      const { from, to } = request;
      this.asked.push(request);
      const file = this.files.get(from);
      if (file === undefined) throw rejected("not-found", "no such file");
      if (this.files.has(to)) throw rejected("already-exists", "there already");
      this.files.delete(from);
      this.files.set(to, file);
      const { seq, change } = this.tell(to);
      return { path: to, created: true, change, seq };
    });
    respond(listRequest, ({ path, depth }) => {
      const prefix = path === "" ? "" : `${path}/`;
      const inside = [...this.files].filter(([name]) => name.startsWith(prefix));
      if (inside.length === 0 && path !== "") throw rejected("not-found", "no such folder");
      const entries = inside.map(([name, file]) => {
        const names = name.slice(prefix.length).split("/");
        const entry = { path: `${prefix}${names.slice(0, depth).join("/")}`, modifiedAt: at };
        return names.length > depth
          ? { ...entry, type: "folder" as const, sizeBytes: 0 }
          : { ...entry, type: "file" as const, sizeBytes: file.size };
      });
      return { entries: [...new Map(entries.map((entry) => [entry.path, entry])).values()], truncated: false };
    });
    respond(historyRequest, (request) => {
      this.asked.push(request);
      return historyRequest.example.reply;
    });
    respond(undoRequest, (request) => {
      this.asked.push(request);
      if (request.entry === "none") throw rejected("nothing-to-undo", "nothing");
      return undoRequest.example.reply;
    });
    respond(readChangesRequest, ({ after, limit }) => {
      const newest = this.changes.length;
      if (after < this.forgotten) return { changes: [], newest, gap: true };
      return { changes: this.changes.slice(after, after + limit), newest, gap: false };
    });
  }
}
