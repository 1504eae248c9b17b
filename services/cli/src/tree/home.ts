import { addGroup, type Tree } from "./tree.ts";

/** Commands about the files of the home. */
export function addFiles({ program, add }: Tree): void {
  const files = addGroup(program, "files", "List, read and change the files of the home.");
  add<{ depth?: string }>(
    files,
    {
      usage: "list [folder]",
      is: "List a folder.",
      example: "files list apps --depth 2",
      isDefault: true,
      options: { "--depth <number>": "how many levels (1 to 10)" },
    },
    async (cli, [folder = ""], options) => (await import("../commands/files.ts")).listFiles(cli, folder, options),
  );
  add<{ output?: string }>(
    files,
    {
      usage: "read <path>",
      is: "Print a file, bytes exactly as they are.",
      example: "files read notes/milk.md",
      options: { "--output <file>": "save it on this machine instead" },
    },
    async (cli, [path = ""], options) => (await import("../commands/read-file.ts")).readFile(cli, path, options),
  );
  add<{ from?: string; ifMatch?: string }>(
    files,
    {
      usage: "write <path>",
      is: "Create or replace a file from standard input.",
      example: "files write notes/milk.md --from milk.md",
      options: {
        "--from <file>": "take this file instead of standard input",
        "--if-match <hash>": "only if the file still has this hash",
      },
    },
    async (cli, [path = ""], options) => (await import("../commands/files.ts")).writeFile(cli, { path, ...options }),
  );
  add(
    files,
    {
      usage: "delete <path...>",
      is: "Delete files or folders; undo brings them back.",
      example: "files delete notes/milk.md",
    },
    async (cli, paths) => (await import("../commands/files.ts")).deleteFiles(cli, paths),
  );
  add(
    files,
    {
      usage: "move <from> <to>",
      is: "Move or rename a file or folder.",
      example: "files move notes/milk.md notes/oat.md",
    },
    async (cli, [from = "", to = ""]) => (await import("../commands/files.ts")).moveFile(cli, from, to),
  );
}

/** Commands that look back and take back. */
export function addHistory({ program, add }: Tree): void {
  add<{ limit?: string; before?: string; path?: string }>(
    program,
    {
      usage: "history",
      is: "List what changed the home, newest first.",
      more: "All changes of one turn are one entry.",
      example: "history --path apps/habit-tracker/index.html",
      options: {
        "--limit <number>": "at most so many (1 to 200)",
        "--before <entry>": "older than this entry",
        "--path <path>": "only changes of this file",
      },
    },
    async (cli, _words, options) => (await import("../commands/history.ts")).listHistory(cli, options),
  );
  add(
    program,
    { usage: "undo [entry]", is: "Take back the newest change, or the given one.", example: "undo" },
    async (cli, [entry]) => (await import("../commands/history.ts")).reverse(cli, "undo", entry),
  );
  add(
    program,
    { usage: "redo [entry]", is: "Bring back what was undone last.", example: "redo" },
    async (cli, [entry]) => (await import("../commands/history.ts")).reverse(cli, "redo", entry),
  );
}
