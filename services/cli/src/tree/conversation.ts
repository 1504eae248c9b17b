import { addGroup, type Tree } from "./tree.ts";

/** Commands that talk to the kernel. */
export function addConversation({ program, add }: Tree): void {
  add<{
    session?: string;
    continue?: boolean;
    idempotencyKey?: string;
    mode?: string;
    wait: boolean;
    quiet?: boolean;
  }>(
    program,
    {
      usage: "send <text...>",
      is: "Send a message and watch it being worked on.",
      more: "The text - reads the message from standard input. Ctrl-C stops the turn. Exit code: 0 done, 1 failed, 130 stopped.",
      example: 'send "make me a habit tracker"',
      options: {
        "-c, --continue": "go on with the session that changed last",
        "-s, --session <id>": "go on with this session",
        "--idempotency-key <key>": "the same key again is the same message, not a second one",
        "--mode <mode>":
          "while a turn runs: followup (wait), steer (join it), collect (wait, then all in one), interrupt",
        "--no-wait": "only hand the message in",
        "-q, --quiet": "print only the final answer",
      },
    },
    async (cli, words, options) => (await import("../commands/send.ts")).send(cli, { words, ...options }),
  );
  add<{ session?: string; continue?: boolean }>(
    program,
    {
      usage: "chat",
      is: "Have a conversation here.",
      more: "Ctrl-C stops a turn, Ctrl-D leaves; /help shows what else there is.",
      example: "chat",
      options: {
        "-c, --continue": "go on with the session that changed last",
        "-s, --session <id>": "go on with this session",
      },
    },
    async (cli, _words, options) => (await import("../commands/chat.ts")).chat(cli, options),
  );
  add(
    program,
    { usage: "retry <session>", is: "Try the failed last turn of a session again.", example: "retry s_5kXv1" },
    async (cli, [session = ""]) => (await import("../commands/retry.ts")).retry(cli, session),
  );
  add(
    program,
    { usage: "stop <session>", is: "Stop what a session is doing.", example: "stop s_5kXv1" },
    async (cli, [session = ""]) => (await import("../commands/stop.ts")).stop(cli, session),
  );
}

/** Commands about conversations that were held. */
export function addSessions({ program, add }: Tree): void {
  const sessions = addGroup(program, "sessions", "List conversations, or read one.");
  add<{ limit?: string }>(
    sessions,
    {
      usage: "list",
      is: "List sessions, the last changed first.",
      example: "sessions",
      isDefault: true,
      options: { "--limit <number>": "at most so many (1 to 200)" },
    },
    async (cli, _words, options) => (await import("../commands/sessions.ts")).listSessions(cli, options),
  );
  add<{ from?: string }>(
    sessions,
    {
      usage: "show <session>",
      is: "Read a conversation.",
      example: "sessions show s_5kXv1",
      options: { "--from <place>": "begin at this message, counted from 0; from the end when negative" },
    },
    async (cli, [session = ""], options) =>
      (await import("../commands/sessions.ts")).showSession(cli, session, options),
  );
}
