import { OsError, rejected, unavailable } from "@matrix-os/contracts/errors";

type Translate = (message: string, cause: unknown) => OsError;

const full: Translate = (message, cause) => unavailable("disk-full", message, { cause, retryAfterMs: 2_000 });
const failed: Translate = (message, cause) => unavailable("disk-failed", message, { cause });
const denied: Translate = (message, cause) => rejected("denied", message, { cause });

/** What an errno of the disk means for the one who asked. */
const translations = new Map<string, Translate>([
  ["ENOSPC", full],
  ["EDQUOT", full],
  ["EFBIG", full],
  ["EROFS", failed],
  ["EIO", failed],
  ["ENXIO", failed],
  ["EMFILE", failed],
  ["ENFILE", failed],
  ["EXDEV", (message, cause) => rejected("denied", `another disk is mounted there: ${message}`, { cause })],
  ["EACCES", denied],
  ["EPERM", denied],
  ["ELOOP", denied],
  ["ENOENT", (message, cause) => rejected("not-found", message, { cause })],
  ["EEXIST", (message, cause) => rejected("already-exists", message, { cause })],
  ["EISDIR", (message, cause) => rejected("is-folder", message, { cause })],
  ["ENOTDIR", (message, cause) => rejected("not-a-folder", message, { cause })],
  ["ENAMETOOLONG", (message, cause) => rejected("invalid", message, { cause, field: "path" })],
  ["EINVAL", (message, cause) => rejected("invalid", message, { cause, field: "path" })],
]);

/** The errno name of a thrown value, such as `ENOENT`. */
export function toErrno(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
}

/** A disk error as an `OsError` that names the path; anything else comes back as it is. */
export function toDiskError(thrown: unknown, path: string): unknown {
  const translate = thrown instanceof OsError ? undefined : translations.get(toErrno(thrown) ?? "");
  return translate === undefined ? thrown : translate(`${path}: ${toErrno(thrown)}`, thrown);
}

/** Runs work on the disk; its errors leave as `OsError`s that name the path. */
export async function onDisk<Result>(path: string, work: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    throw toDiskError(thrown, path);
  }
}
