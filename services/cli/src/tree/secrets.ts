import { addGroup, type Tree } from "./tree.ts";

/** Commands about the vault. */
export function addSecrets({ program, add }: Tree): void {
  const secret = addGroup(program, "secret", "Keep secrets such as the model's key. Changes work at once.");
  add(
    secret,
    {
      usage: "set <name>",
      is: "Keep a secret; the value comes from standard input or a hidden prompt.",
      more: "ANTHROPIC_API_KEY is the model's key and goes before the environment's.",
      example: "secret set ANTHROPIC_API_KEY",
    },
    async (cli, [name = ""]) => (await import("../commands/secret.ts")).setSecret(cli, name, { expect: "any" }),
  );
  add(
    secret,
    {
      usage: "rotate <name>",
      is: "Give a secret that is there a new value.",
      example: "secret rotate ANTHROPIC_API_KEY",
    },
    async (cli, [name = ""]) => (await import("../commands/secret.ts")).setSecret(cli, name, { expect: "present" }),
  );
  add(
    secret,
    { usage: "list", is: "List secrets by name; values are never shown.", example: "secret list", isDefault: true },
    async (cli) => (await import("../commands/secret.ts")).listSecrets(cli),
  );
  add(
    secret,
    { usage: "remove <name>", is: "Forget a secret.", example: "secret remove ANTHROPIC_API_KEY" },
    async (cli, [name = ""]) => (await import("../commands/secret.ts")).removeSecret(cli, name),
  );
}
