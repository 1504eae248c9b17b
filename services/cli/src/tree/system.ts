import type { CliConfig } from "../config.ts";
import { addGroup, type Tree } from "./tree.ts";

/** Commands about the system itself. */
export function addSystem({ program, add, version }: Tree, config: CliConfig): void {
  add(program, { usage: "start", is: "Run Matrix OS here, in the foreground.", example: "start" }, async () =>
    (await import("../commands/start.ts")).start(config),
  );
  add(program, { usage: "status", is: "Show how the system is.", example: "status" }, async (cli) =>
    (await import("../commands/status.ts")).status(cli),
  );
  addApprovals({ program, add, version });
  add(program, { usage: "link", is: "Print a login link for a browser.", example: "link" }, async (cli) =>
    (await import("../commands/link.ts")).link(cli),
  );
  add(program, { usage: "doctor", is: "Find out what is wrong and what helps.", example: "doctor" }, async (cli) =>
    (await import("../commands/doctor.ts")).doctor(cli, version),
  );
  add<{ service?: string; level?: string; correlation?: string; limit?: string; follow?: boolean }>(
    program,
    {
      usage: "logs",
      is: "Show what the services logged.",
      example: "logs --level warn --follow",
      options: {
        "--service <name>": "only this service",
        "--level <level>": "this level and the more important ones: debug, info, warn, error",
        "--correlation <id>": "only what belongs to this walk",
        "--limit <number>": "the newest so many (1 to 1000)",
        "-f, --follow": "go on with new lines until Ctrl-C",
      },
    },
    async (cli, _words, options) => (await import("../commands/logs.ts")).logs(cli, options),
  );
  add(
    program,
    {
      usage: "completion <shell>",
      is: "Print a completion script for a shell.",
      more: "For bash and zsh: source <(matrixos completion bash). For fish: matrixos completion fish | source",
      example: "completion bash",
    },
    async (cli, [shell = ""]) => (await import("../commands/completion.ts")).completion(cli, program, shell),
  );
}

function addApprovals({ program, add }: Tree): void {
  const approvals = addGroup(program, "approvals", "Show what waits for your approval, and answer.");
  add(
    approvals,
    { usage: "list", is: "Show what waits, word for word.", example: "approvals list", isDefault: true },
    async (cli) => (await import("../commands/approvals.ts")).listApprovals(cli),
  );
  for (const verdict of ["allow", "deny"] as const) {
    const is = verdict === "allow" ? "Allow one of them, once." : "Deny one of them.";
    add(approvals, { usage: `${verdict} <ask>`, is, example: `approvals ${verdict} a_1` }, async (cli, [ask = ""]) =>
      (await import("../commands/approvals.ts")).answerApproval(cli, ask, verdict),
    );
  }
}

/** Commands about the owner's settings. */
export function addSettings({ program, add }: Tree): void {
  const config = addGroup(program, "config", "Show and change the settings. Changes work at once.");
  add(
    config,
    { usage: "show", is: "Show all settings with their defaults.", example: "config show", isDefault: true },
    async (cli) => (await import("../commands/config.ts")).showConfig(cli),
  );
  add(
    config,
    { usage: "get <key>", is: "Show one setting.", example: "config get budgets.dayUsd" },
    async (cli, [key = ""]) => (await import("../commands/config.ts")).getConfig(cli, key),
  );
  add(
    config,
    { usage: "set <key> <value>", is: "Change one setting.", example: "config set budgets.dayUsd 5" },
    async (cli, [key = "", value]) => (await import("../commands/config.ts")).setConfig(cli, key, value),
  );
  add(
    config,
    { usage: "unset <key>", is: "Go back to the default of a setting.", example: "config unset model" },
    async (cli, [key = ""]) => (await import("../commands/config.ts")).setConfig(cli, key, undefined),
  );
  add(config, { usage: "path", is: "Print where the settings are kept.", example: "config path" }, async (cli) =>
    (await import("../commands/config.ts")).showConfigPath(cli),
  );
  add(
    config,
    { usage: "check", is: "Check the settings and name everything that is wrong.", example: "config check" },
    async (cli) => (await import("../commands/config.ts")).checkConfigFile(cli),
  );
}
