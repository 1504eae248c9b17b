import fs from "node:fs";
import path from "node:path";
import { rejected } from "@matrix-os/contracts/errors";
import { appManifest } from "@matrix-os/contracts/app/manifest";
import { DATABASE_NAME } from "../home-path/home-rules.ts";
import { openFile } from "./content.ts";
import { type Folder, makeFolder } from "./folder.ts";

/** Where an app's database stands, and the schema that its manifest wants. */
export interface AppDatabasePlace {
  readonly path: string;
  readonly migrations: readonly string[];
}

/** Finds what belongs to an app. */
export class AppPlaces {
  readonly #root: Folder;
  readonly #home: string;
  readonly #made: (path: string) => void;

  /** `made` is told of each folder that comes to be, so that it is not taken for somebody's change. */
  constructor(root: Folder, home: string, made: (path: string) => void) {
    this.#root = root;
    this.#home = home;
    this.#made = made;
  }

  /** The database of an app, whose folder is made when it is missing. Errors: `not-found` without an app, `invalid` for its manifest, `denied` for links. */
  findDatabase(app: string): AppDatabasePlace {
    const { migrations } = this.#readManifest(app);
    const { folder: opened, made } = makeFolder(this.#root, `data/${app}`);
    using folder = opened;
    for (const at of made) this.#made(at);
    const stats = folder.look(DATABASE_NAME);
    if (stats !== undefined && !stats.isFile())
      throw rejected("denied", `data/${app}/${DATABASE_NAME} is no regular file`);
    return { path: path.join(fs.realpathSync(this.#home), "data", app, DATABASE_NAME), migrations };
  }

  #readManifest(app: string): { readonly migrations: readonly string[] } {
    const at = `apps/${app}/app.json`;
    using file = openFile(this.#root, at);
    try {
      return appManifest.parse(JSON.parse(file.read(0, file.stats.size).toString("utf8")));
    } catch (cause) {
      throw rejected("invalid", `${at} is no valid manifest`, { field: "app", cause });
    }
  }
}
