import type { Intent, TalkTopic } from "../../understand/intent.ts";
import type { Desk } from "../desk.ts";
import type { Script } from "../script.ts";
import { rehearsalNotice } from "../summary.ts";

const answers: Record<Exclude<TalkTopic, "time">, string> = {
  ping: "pong",
  greeting:
    "Hello! This is the rehearsal model, so you can try things without a key. For example: «make me a habit tracker», then «make it dark».",
  thanks: "You are welcome (rehearsal model).",
  goodbye: "Goodbye (rehearsal model). Your files stay where they are.",
  help: `${rehearsalNotice}\n\nTry:\n- make me a habit tracker called Water\n- make it dark, and add a field called Place\n- write a file shopping.md with milk and eggs\n- remember that I like mornings\n- undo that`,
  identity: rehearsalNotice,
};

/** The text, byte for byte. */
export function* echo({ text }: Extract<Intent, { kind: "echo" }>): Script {
  return { succeeded: true, headline: text, verbatim: true };
}

/** Small talk, without tools. */
export function* talk({ about }: Extract<Intent, { kind: "talk" }>, { today }: Desk): Script {
  return { succeeded: true, headline: about === "time" ? timeAnswer(today) : answers[about], verbatim: true };
}

/** Says honestly that this is beyond fixed rules. */
export function* unknown({ text }: Extract<Intent, { kind: "unknown" }>): Script {
  const wish = text.replace(/\s+/g, " ").slice(0, 80);
  return {
    succeeded: false,
    headline: wish
      ? `I don't know how to do this: «${wish}${text.length > 80 ? "…" : ""}»`
      : "I can only read text, and there was none",
  };
}

/** What was asked so far, as a list: enough to go on with after the history is cut. */
export function* summariseConversation(_intent: Intent, { earlierRequests, currentApp, currentFile }: Desk): Script {
  const asked = earlierRequests.slice(-30).map((text) => `- ${text.replace(/\s+/g, " ").slice(0, 160)}`);
  const touched = [
    ...(currentApp ? [`Last app: apps/${currentApp}/`] : []),
    ...(currentFile ? [`Last file: \`${currentFile}\``] : []),
  ];
  return {
    succeeded: true,
    headline: `So far you asked for ${asked.length} things`,
    detail: [...asked, ...touched].join("\n"),
  };
}

function timeAnswer(today: string | undefined): string {
  const known = today ? `My instructions mention ${today}.` : "Nothing I was told mentions the date.";
  return `I have no clock of my own (rehearsal model). ${known} The time on your screen is the one to trust.`;
}
