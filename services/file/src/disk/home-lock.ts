import fs from "node:fs";
import net from "node:net";
import { unavailable } from "@matrix-os/contracts/errors";
import { toErrno } from "./disk-error.ts";
import type { Folder } from "./folder.ts";

const NAME = "lock";
const UNSUPPORTED = ["ENOTSUP", "EOPNOTSUPP", "EPERM", "EACCES", "EINVAL", "ENAMETOOLONG"];
const MAX_TRIES = 20;

/**
 * Makes this the only file service of a home, by listening on the socket `.matrix/lock`: the kernel lets go of it when the
 * process dies, also in another container. Errors: `busy` when another one lives. `undefined` where the disk has no sockets.
 */
export async function lockHome(own: Folder): Promise<AsyncDisposable | undefined> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const server = net.createServer((connection) => connection.end(`${process.pid}\n`));
    const errno = await listen(server, own.at(NAME));
    if (errno === undefined) return toLock(server);
    if (UNSUPPORTED.includes(errno)) return undefined;
    if (errno !== "EADDRINUSE") throw unavailable("disk-failed", `the home can't be locked: ${errno}`);
    await removeStale(own);
  }
  throw unavailable("busy", "the home could not be locked; other starts get in between");
}

function listen(server: net.Server, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(toErrno(error) ?? "unknown"));
    server.listen({ path }, () => resolve(undefined));
    server.unref();
  });
}

function toLock(server: net.Server): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())) };
}

/** Takes the socket of a dead process away, never one that another start has just made. */
async function removeStale(own: Folder): Promise<void> {
  const before = own.look(NAME);
  if (before === undefined) return;
  const owner = await askOwner(own.at(NAME));
  if (owner !== undefined)
    throw unavailable(
      "busy",
      `Matrix OS is running already on this home (process ${owner}); stop it first, or set MATRIX_HOME`,
    );
  const aside = `stale-lock-${process.pid}-${performance.now()}`;
  try {
    fs.renameSync(own.at(NAME), own.at(aside));
  } catch (thrown) {
    if (toErrno(thrown) === "ENOENT") return;
    throw thrown;
  }
  if (own.look(aside)?.ino !== before.ino) fs.linkSync(own.at(aside), own.at(NAME));
  fs.rmSync(own.at(aside), { force: true });
}

/** The process that holds the socket, or `undefined` when nobody does. */
function askOwner(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const connection = net.connect({ path });
    let answer = "";
    connection.setEncoding("utf8").on("data", (text: string) => (answer += text));
    connection.once("error", (error) =>
      resolve(toErrno(error) === "ECONNREFUSED" || toErrno(error) === "ENOENT" ? undefined : "unknown"),
    );
    connection.once("close", () => resolve(answer.trim() || "unknown"));
  });
}
