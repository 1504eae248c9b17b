import { addGroup, type Tree } from "./tree.ts";

/** Commands about what happened, kept in a log that shows when it was changed. */
export function addActivity({ program, add }: Tree): void {
  const log = addGroup(program, "activity", "Show, verify and export what the system did.");
  add<{ limit?: string; kind?: string; since?: string; follow?: boolean }>(
    log,
    {
      usage: "list",
      is: "Show what the system did lately.",
      example: "activity --kind login --limit 20",
      isDefault: true,
      options: {
        "--limit <number>": "the newest so many (1 to 500)",
        "--kind <kind>": "only this kind: message, turn, file, config, problem, system, login, token, access, …",
        "--since <moment>": "only from this moment on, such as 2026-11-24T12:00:00Z",
        "-f, --follow": "go on with what comes until Ctrl-C",
      },
    },
    async (cli, _words, options) => (await import("../commands/activity.ts")).activity(cli, options),
  );
  add(
    log,
    { usage: "verify", is: "Check that no line was changed or cut off.", example: "activity verify" },
    async (cli) => (await import("../commands/activity.ts")).verifyActivity(cli),
  );
  add<{ output?: string }>(
    log,
    {
      usage: "export",
      is: "Write the whole log as JSON lines.",
      example: "activity export --output activity.jsonl",
      options: { "--output <file>": "into this file instead of standard output" },
    },
    async (cli, _words, options) => (await import("../commands/activity.ts")).exportActivity(cli, options),
  );
}

/** Commands about who may come in by a token. */
export function addTokens({ program, add }: Tree): void {
  const token = addGroup(program, "token", "Make, list, renew and remove API tokens.");
  add(token, { usage: "list", is: "List tokens.", example: "token list", isDefault: true }, async (cli) =>
    (await import("../commands/token.ts")).listTokens(cli),
  );
  add<{ scopes?: string; days?: string }>(
    token,
    {
      usage: "create <name>",
      is: "Make a token and print it, this once.",
      more: "Scopes: read (look at everything but logs), messages (talk), files, apps, admin (all but tokens and logins).",
      example: "token create backup --scopes read,files --days 90",
      options: {
        "--scopes <list>": "what it may do, with commas between (read)",
        "--days <number>": "ends after so many days",
      },
    },
    async (cli, [name = ""], options) => (await import("../commands/token.ts")).createToken(cli, name, options),
  );
  add(
    token,
    { usage: "rotate <id>", is: "Renew a token: the old one is refused.", example: "token rotate 0123456789abcdef" },
    async (cli, [id = ""]) => (await import("../commands/token.ts")).rotateToken(cli, id),
  );
  add(
    token,
    { usage: "remove <id>", is: "End a token and what it has open.", example: "token remove 0123456789abcdef" },
    async (cli, [id = ""]) => (await import("../commands/token.ts")).removeToken(cli, id),
  );
  add(
    token,
    { usage: "rotate-owner", is: "Renew the owner's own token.", example: "token rotate-owner" },
    async (cli) => (await import("../commands/token.ts")).rotateOwnerToken(cli),
  );
}
