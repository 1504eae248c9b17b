import { setTimeout as delay } from "node:timers/promises";
import { type ScriptedAnswer, gated, overloaded, text, toolUse } from "@matrix-os/testkit/messages/answers";
import type { MessagesRequest } from "@matrix-os/testkit/messages/check-request";

/** What one message makes the model do. `#<tag> <plan>` is the message. */
export type Plan = "plain" | "look" | "change" | "many" | "falter" | "slow";

/** Every plan. */
export const plans: readonly Plan[] = ["plain", "look", "change", "many", "falter", "slow"];

/** What the model says at last, whatever the plan. */
const ANSWER = "All of it is done.";
const SLOW_MS = 250;

/** Words a message so that the scripted model knows what to do. */
export function toText(tag: string, plan: Plan): string {
  return `#${tag} ${plan}`;
}

/** The tag, the plan and the step that a request to the model is about. */
export function readAsked(request: MessagesRequest): {
  readonly tag: string;
  readonly plan: Plan;
  readonly step: number;
} {
  const { messages } = request;
  const asks = messages.map(({ role, content }) => (role === "user" ? findTag(content) : undefined));
  const at = asks.findLastIndex((found) => found !== undefined);
  const [, tag = "", plan = "plain"] = asks[at] ?? [];
  const step = 1 + messages.slice(at).filter(({ role }) => role === "assistant").length;
  return { tag, plan: plan as Plan, step };
}

function findTag(content: MessagesRequest["messages"][number]["content"]): RegExpExecArray | undefined {
  const said =
    typeof content === "string"
      ? content
      : content.map((block) => (block.type === "text" ? String(block["text"]) : "")).join("\n");
  return /#([\w-]+) (\w+)/.exec(said) ?? undefined;
}

type Step = (tag: string, faltered: Set<string>) => ScriptedAnswer;

const path = (tag: string): string => `hostile/${tag}.md`;
const write: Step = (tag) =>
  toolUse({ id: `w_${tag}`, name: "write_file", input: { path: path(tag), content: "begun\n" } });
/** A call that must not happen twice: what it replaces is there again afterwards. */
const unsafeCall = (tag: string) => ({
  id: `u_${tag}`,
  name: "edit_file",
  input: { path: path(tag), replacements: [{ old: "begun", new: "begun again" }] },
});
const pureCalls = (tag: string) => [
  { id: `a_${tag}`, name: "list_files", input: { path: "" } },
  { id: `b_${tag}`, name: "read_file", input: { path: path(tag) } },
  { id: `c_${tag}`, name: "list_files", input: { path: "system" } },
];

/** The steps before the answer. */
const steps: Readonly<Record<Plan, readonly Step[]>> = {
  plain: [],
  look: [(tag) => toolUse({ id: `l_${tag}`, name: "list_files", input: { path: "" } })],
  change: [write, (tag) => toolUse(unsafeCall(tag))],
  many: [write, (tag) => toolUse(...pureCalls(tag), unsafeCall(tag))],
  falter: [],
  slow: [],
};

/** A model for all plans at once; the same request gets the same answer, except that `falter` fails the first time. */
export function createScript(): (request: MessagesRequest) => ScriptedAnswer {
  const faltered = new Set<string>();
  return (request) => {
    const { tag, plan, step } = readAsked(request);
    if (plan === "falter" && !faltered.has(tag)) {
      faltered.add(tag);
      return overloaded;
    }
    const next = steps[plan][step - 1];
    if (next !== undefined) return next(tag, faltered);
    return plan === "slow" ? gated(text("All of it ", "is ", "done."), () => delay(SLOW_MS)) : text(ANSWER);
  };
}
