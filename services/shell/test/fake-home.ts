import type { AppInfo } from "@matrix-os/contracts/api/app";
import { appManifest } from "@matrix-os/contracts/app/manifest";
import type { Change } from "@matrix-os/contracts/file/written.event";

type Origin = Change["origin"];
type Kind = "created" | "updated" | "deleted";

/** A home in memory. */
export class FakeHome {
  #files = new Map<string, string>();
  #changes: Change[] = [];
  #listeners: ((change: Change) => void)[] = [];

  get seq(): number {
    return this.#changes.length;
  }

  listen(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  changesAfter(seq: number | undefined): Change[] {
    return this.#changes.slice(seq ?? this.seq);
  }

  write(path: string, content: string, origin: Origin): object {
    const created = !this.#files.has(path);
    this.#files.set(path, content);
    return { path, created, ...this.#note([{ path, kind: created ? "created" : "updated" }], origin) };
  }

  remove(path: string): object {
    const paths = [...this.#files.keys()].filter((one) => one === path || one.startsWith(`${path}/`));
    for (const one of paths) this.#files.delete(one);
    return {
      path,
      created: false,
      ...this.#note(
        paths.map((one) => ({ path: one, kind: "deleted" as const })),
        { actor: "owner" },
      ),
    };
  }

  move(from: string, to: string): object {
    this.#files.set(to, this.#files.get(from) ?? "");
    this.#files.delete(from);
    return {
      path: to,
      created: true,
      ...this.#note(
        [
          { path: from, kind: "deleted" },
          { path: to, kind: "created" },
        ],
        { actor: "owner" },
      ),
    };
  }

  read(path: string): string | undefined {
    return this.#files.get(path);
  }

  list(folder: string): object {
    const prefix = folder === "" ? "" : `${folder}/`;
    const entries = new Map<string, object>();
    for (const [path, content] of this.#files) {
      if (!path.startsWith(prefix)) continue;
      const [name = "", ...rest] = path.slice(prefix.length).split("/");
      const type = rest.length > 0 ? "folder" : "file";
      entries.set(name, { path: prefix + name, type, sizeBytes: content.length, modifiedAt: new Date().toISOString() });
    }
    return { entries: [...entries.values()], truncated: false };
  }

  apps(): AppInfo[] {
    return [...this.#files].flatMap(([path, content]) => {
      const app = /^apps\/([^/]+)\/app\.json$/.exec(path)?.[1];
      return app === undefined ? [] : [{ app, manifest: appManifest.parse(JSON.parse(content)) }];
    });
  }

  #note(paths: { path: string; kind: Kind }[], origin: Origin): { change: string; seq: number } {
    const seq = this.#changes.length + 1;
    const change: Change = {
      seq,
      change: `c_${seq}`,
      at: new Date().toISOString(),
      origin,
      paths,
      pathCount: paths.length,
    };
    this.#changes.push(change);
    for (const listener of this.#listeners) listener(change);
    return { change: change.change, seq };
  }
}
