import { z } from "zod";
import { taints } from "./policy/taint.ts";

const MAX_PATH_BYTES = 1_024;
const MAX_NAME_BYTES = 255;
const encoder = new TextEncoder();

function isHomePath(path: string): boolean {
  if (path.includes("\0") || path.startsWith("/") || encoder.encode(path).length > MAX_PATH_BYTES) return false;
  return path
    .split("/")
    .every((name) => name !== "" && name !== "." && name !== ".." && encoder.encode(name).length <= MAX_NAME_BYTES);
}

/** A path inside the home: relative, `/` between names, no `.` or `..`, ≤ 1,024 bytes. */
export const homePath = z.string().refine(isHomePath, "must be a relative path inside the home, without . or ..");

/** A folder inside the home; the empty string is the home itself. */
export const homeFolder = z.union([z.literal(""), homePath]);

/** An identifier that may stand in a subject and in a file name. */
export const token = z.string().regex(/^[A-Za-z0-9_-]{1,80}$/, "may hold only letters, digits, _ and - (1 to 80)");

/** A point in time, ISO 8601 in UTC; a label for people, never used for order. */
export const instant = z.iso.datetime();

/** SHA-256 of a file's bytes in hex; also its ETag. */
export const contentHash = z.string().regex(/^[0-9a-f]{64}$/);

/** Who caused a change: an actor (`owner`, `kernel`, `outside`, …) and, inside a turn, which one. */
export const origin = z.object({
  actor: z.string().min(1).max(64),
  session: token.optional(),
  turn: token.optional(),
  call: z.string().max(128).optional(),
  /** Whose words may have shaped it. */
  taint: taints.optional(),
});

/** Text as UTF-8, or bytes as base64. */
export const encoding = z.enum(["utf8", "base64"]);

/** What the file must be for a write to go ahead: a content hash, or `absent`. */
export const precondition = z.union([contentHash, z.literal("absent")]);

/** Example values shared by the contracts' examples. */
export const examples = {
  hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  session: "s_5kXv1",
  turn: "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
  at: "2026-11-24T12:00:00.000Z",
} as const;
