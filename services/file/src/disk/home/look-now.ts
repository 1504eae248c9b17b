import fs from "node:fs";
import type { PathState } from "../../change/path-state.ts";
import { splitPath } from "../../home-path/home-rules.ts";
import { type ContentMemory, openFile, toBlobId } from "../content.ts";
import { type Folder, lookAt, openFolder } from "../folder.ts";
import { toType } from "../walk.ts";

/** What stands at a path of the home now; special files count as files with no bytes of ours. Errors: as those of opening a file. */
export async function lookNow(
  home: { readonly root: Folder; readonly contents: ContentMemory },
  path: string,
): Promise<PathState | undefined> {
  const stats = lookAt(home.root, path);
  if (stats === undefined) return undefined;
  const mode = stats.mode & 0o7777;
  switch (toType(stats)) {
    case "folder":
      return { type: "folder", mode };
    case "link":
      return { type: "link", blob: toBlobId(readLink(home.root, path)) };
    case "file": {
      using file = openFile(home.root, path);
      return { type: "file", mode, blob: (await home.contents.idsOf(path, file)).blob };
    }
    case "other":
      return { type: "file", mode, blob: "" };
  }
}

function readLink(root: Folder, path: string): Buffer {
  const { folder, name } = splitPath(path);
  using parent = openFolder(root, folder);
  return fs.readlinkSync(parent.at(name), { encoding: "buffer" });
}
