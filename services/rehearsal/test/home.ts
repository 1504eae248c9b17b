import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Where the test's tools keep files: a map, or a folder on disk. */
export interface FileStore {
  paths(): Promise<string[]>;
  read(path: string): Promise<string | undefined>;
  write(path: string, content: string): Promise<void>;
  remove(path: string): Promise<void>;
  move(from: string, to: string): Promise<void>;
}

/** Files in a map. */
export function memoryStore(files: Map<string, string>): FileStore {
  return {
    paths: async () => [...files.keys()].toSorted(),
    read: async (path) => files.get(path),
    write: async (path, content) => void files.set(path, content),
    remove: async (path) => void files.delete(path),
    move: async (from, to) => {
      files.set(to, files.get(from) ?? "");
      files.delete(from);
    },
  };
}

/** Files in a folder. */
export function diskStore(root: string): FileStore {
  return {
    paths: async () => {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .toSorted();
    },
    read: async (path) =>
      (await stat(join(root, path)).catch(() => undefined))?.isFile() ? readFile(join(root, path), "utf8") : undefined,
    write: async (path, content) => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    },
    remove: (path) => rm(join(root, path)),
    move: async (from, to) => {
      await mkdir(dirname(join(root, to)), { recursive: true });
      await rename(join(root, from), join(root, to));
    },
  };
}

type Input = Record<string, unknown>;
type Tool = (input: Input) => Promise<string>;

/** A tool answer; errors are data. */
export interface ToolAnswer {
  text: string;
  isError: boolean;
}

/** The kernel's tools over a store, with the same names, inputs and error texts. */
export function createTools(store: FileStore): Record<string, Tool> {
  const existing = async (path: unknown): Promise<string> => {
    const content = await store.read(String(path));
    if (content === undefined) throw new Error(`not-found: ${String(path)}`);
    return content;
  };
  return {
    read_file: async ({ path }) => existing(path),
    write_file: async ({ path, content }) => {
      await store.write(String(path), String(content));
      return `wrote ${String(path)}`;
    },
    edit_file: async ({ path, replacements }) => {
      let content = await existing(path);
      for (const { old, new: text } of replacements as Array<{ old: string; new: string }>) {
        if (content.split(old).length !== 2) throw new Error("conflict: `old` must occur exactly once");
        content = content.replace(old, () => text);
      }
      await store.write(String(path), content);
      return `edited ${String(path)}`;
    },
    list_files: async ({ path, depth }) =>
      listing(await store.paths(), { folder: typeof path === "string" ? `${path}/` : "", depth: Number(depth ?? 1) }),
    search_files: async ({ query }) => {
      const paths = await store.paths();
      const files = await Promise.all(paths.map(async (path) => [path, (await store.read(path)) ?? ""] as const));
      return files
        .flatMap(([path, content]) =>
          content
            .split("\n")
            .flatMap((line, index) => (line.includes(String(query)) ? [`${path}:${index + 1}: ${line}`] : [])),
        )
        .join("\n");
    },
    move_file: async ({ from, to }) => {
      await existing(from);
      await store.move(String(from), String(to));
      return "moved";
    },
    delete_file: async ({ path }) => {
      const inside = (await store.paths()).filter((each) => `${each}/`.startsWith(`${String(path)}/`));
      if (inside.length === 0) throw new Error(`not-found: ${String(path)}`);
      for (const each of inside) await store.remove(each);
      return "deleted";
    },
    undo: async ({ direction }) => `${direction === "redo" ? "redone" : "reversed"}: 1 file`,
    remember: async ({ fact }) => {
      const path = "system/memory/facts.md";
      await store.write(path, `${(await store.read(path)) ?? "# Facts\n\n"}- ${String(fact)}\n`);
      return "remembered";
    },
  };
}

/** Runs one tool call as the kernel does. */
export async function runTool(
  tools: Record<string, Tool>,
  { name, input }: { name: string; input: unknown },
): Promise<ToolAnswer> {
  try {
    return { text: (await tools[name]?.(input as Input)) ?? "unknown tool", isError: false };
  } catch (error) {
    return { text: (error as Error).message, isError: true };
  }
}

function listing(paths: string[], { folder, depth }: { folder: string; depth: number }): string {
  const inside = paths.filter((path) => path.startsWith(folder));
  if (inside.length === 0 && folder !== "") throw new Error(`not-found: ${folder}`);
  const lines = inside.flatMap((path) => {
    const parts = path.slice(folder.length).split("/");
    const shown = parts.map(
      (_, index) => folder + parts.slice(0, index + 1).join("/") + (index < parts.length - 1 ? "/" : ""),
    );
    return shown.slice(0, depth);
  });
  return [...new Set(lines)].join("\n");
}
