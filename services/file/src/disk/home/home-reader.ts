import type { ContentIds, ContentMemory, OpenFile } from "../content.ts";
import { openFile } from "../content.ts";
import { type Folder, openFolder } from "../folder.ts";
import { type Found, walk } from "../walk.ts";

/** Reads the home; links are never followed. */
export class HomeReader {
  readonly #root: Folder;
  readonly #contents: ContentMemory;

  constructor(root: Folder, contents: ContentMemory) {
    this.#root = root;
    this.#contents = contents;
  }

  /** Opens a file. Errors: `not-found`, `is-folder`, `not-a-folder`, `denied`. */
  open(path: string): OpenFile {
    return openFile(this.#root, path);
  }

  /** The names of an opened file's bytes, read only when they are not known. */
  idsOf(path: string, file: OpenFile): Promise<ContentIds> {
    return this.#contents.idsOf(path, file);
  }

  /** Everything below a folder. Errors: `not-found`, `not-a-folder`, `denied`. */
  walk(
    path: string,
    options: { readonly keep: (path: string) => boolean; readonly depth?: number },
  ): AsyncGenerator<Found> {
    openFolder(this.#root, path)[Symbol.dispose]();
    return walk(this.#root, path, options);
  }
}
