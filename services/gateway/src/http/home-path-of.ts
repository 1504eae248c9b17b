import { rejected } from "@matrix-os/contracts/errors";
import { homeFolder, homePath } from "@matrix-os/contracts/values";

/** The home path behind a prefix of a request's address, each name percent-decoded once. Errors: `invalid` (field `path`). */
export function toHomePath(url: string, prefix: string): string {
  const parsed = homePath.safeParse(toHomeFolder(url, prefix));
  if (!parsed.success) throw toPathError();
  return parsed.data;
}

/** As above; the empty path is the home itself, and one slash at the end is ignored. */
export function toHomeFolder(url: string, prefix: string): string {
  const [path = ""] = url.split("?");
  const names = path.slice(prefix.length).replace(/\/$/, "").split("/").map(decodeName);
  const parsed = homeFolder.safeParse(names.join("/"));
  if (!parsed.success) throw toPathError();
  return parsed.data;
}

function decodeName(name: string): string {
  const decoded = decode(name);
  // An encoded slash would make two names of one.
  if (decoded.includes("/")) throw toPathError();
  return decoded;
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch (cause) {
    throw rejected("invalid", "path: not valid percent-encoding", { field: "path", cause });
  }
}

function toPathError(): Error {
  return rejected("invalid", "path: must be a relative path inside the home, without . or ..", { field: "path" });
}
