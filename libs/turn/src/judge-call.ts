import type { JudgedFacts } from "@matrix-os/contracts/define";
import { OsError } from "@matrix-os/contracts/errors";
import { previewRequest } from "@matrix-os/contracts/file/preview.request";
import type { Action } from "@matrix-os/contracts/policy/action";
import type { QuestionWords } from "@matrix-os/contracts/policy/question";
import { type Taint, joinTaints } from "@matrix-os/contracts/policy/taint";
import { toArgsHash } from "@matrix-os/policy/args-hash";
import { type Facts, noFacts } from "@matrix-os/policy/deeds";
import { judge } from "@matrix-os/policy/judge";
import { toQuestionWords } from "@matrix-os/policy/question-words";
import type { z } from "zod";
import { readCommandHosts } from "./command-hosts.ts";
import { findHosts } from "./find-hosts.ts";
import type { Turn } from "./run-turn.ts";
import { toAction } from "./tool-calls.ts";
import type { CallState } from "./turn-state.ts";

/** What the policy says about one call now. */
export type Judged =
  | ({ readonly ruling: "allow" } & JudgedFacts)
  | { readonly ruling: "refuse"; readonly because: string }
  | ({
      readonly ruling: "ask";
      readonly argsHash: string;
      readonly target: string;
      readonly words: QuestionWords;
    } & JudgedFacts);

const RETRY_FOR_MS = 20_000;

/** Judges a call with what it would touch and the rules as they are now. A call that can't be made is allowed: it only fails. */
export async function judgeCall(turn: Turn, call: CallState, taint: readonly Taint[]): Promise<Judged> {
  const action = toAction(call);
  if (action === undefined) return { ruling: "allow" };
  const [{ facts, entry, taint: brought }, rules] = await Promise.all([readFacts(turn, action), turn.deps.readRules()]);
  const judged = judge({ tool: call.name, action, facts, taint, rules });
  if (judged.ruling === "allow") return { ...judged, entry, taint: brought };
  if (judged.ruling === "refuse")
    return { ruling: "refuse", because: `This is not allowed, and asking again will not help. ${judged.why}` };
  const before = action.do === "write" ? await readText(turn, action.paths) : undefined;
  const words = toQuestionWords({ action, facts, why: judged.why, before });
  if (words === undefined)
    return {
      ruling: "refuse",
      because: "This needs the owner's approval and is too long to be shown whole. Do less at once.",
    };
  const target = [...judged.targets, ...(entry === undefined ? [] : [`entry ${entry}`])].join("\n");
  return {
    ruling: "ask",
    entry,
    taint: brought,
    argsHash: toArgsHash({ tool: call.name, args: call.input, target, taint }),
    target,
    words,
  };
}

interface Found extends JudgedFacts {
  readonly facts: Facts;
}

async function readFacts({ deps, message }: Turn, action: Action): Promise<Found> {
  switch (action.do) {
    case "delete":
    case "move": {
      const paths = action.do === "delete" ? [...action.paths] : [action.from];
      return toFound(
        await deps.bus.request(previewRequest, { paths, turn: message.key, text: false }, { retryForMs: RETRY_FOR_MS }),
      );
    }
    case "undo":
      return await readUndo({ deps, message }, action.direction);
    case "fetch": {
      const namedHosts = (message.taint ?? []).length === 0 ? findHosts(message.text) : [];
      return { facts: { ...noFacts, namedHosts } };
    }
    case "run":
      return await readRun(deps, action.folder);
    case "read":
    case "write":
    case "end":
    case "send":
      return { facts: noFacts };
    default:
      return action satisfies never;
  }
}

/** What a command says may be the words of whatever lies before it, or of the hosts that it may reach. */
async function readRun({ bus }: Turn["deps"], folder: string | undefined): Promise<Found> {
  const paths = folder === undefined ? [] : [folder];
  const [{ taint }, commandHosts] = await Promise.all([
    bus.request(previewRequest, { paths, text: false }, { retryForMs: RETRY_FOR_MS }),
    readCommandHosts(bus),
  ]);
  return { facts: { ...noFacts, commandHosts }, taint: joinTaints(taint, commandHosts.length === 0 ? [] : ["web"]) };
}

/** With nothing to undo the call fails by itself. */
async function readUndo({ deps, message }: Pick<Turn, "deps" | "message">, direction: "undo" | "redo"): Promise<Found> {
  const body = { paths: [], undo: { direction, turn: message.key }, text: false };
  try {
    return toFound(await deps.bus.request(previewRequest, body, { retryForMs: RETRY_FOR_MS }));
  } catch (thrown) {
    if (thrown instanceof OsError && thrown.kind === "rejected") return { facts: noFacts };
    throw thrown;
  }
}

function toFound({ paths, pathCount, deletedBefore, entry }: z.infer<typeof previewRequest.reply>): Found {
  return { facts: { paths, pathCount, deletedBefore, namedHosts: [] }, entry };
}

async function readText({ deps }: Turn, paths: readonly string[]): Promise<string | undefined> {
  const { text } = await deps.bus.request(previewRequest, { paths: paths.slice(0, 1), text: true });
  return text;
}
