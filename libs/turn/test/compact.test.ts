import { unavailable } from "@matrix-os/contracts/errors";
import { findProblem } from "@matrix-os/testkit/messages/check-request";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Compaction, type History, compact, isTooLong } from "../src/compact.ts";
import { findLost, toFacts } from "../src/facts.ts";
import { type Exchange, toSummaryMessages } from "../src/summary.ts";
import { toTokens } from "../src/token-estimate.ts";
import type { ModelMessage } from "../src/turn-state.ts";

const MAX_TOKENS = 9_000;
const nothing: History = { summary: undefined, exchanges: [] };

/** Twenty things that an owner said in passing. */
const planted = [
  "My daughter is called Wilhelmina, and she plays the oboe.",
  "The gate code is 4711.",
  "We meet on 2027-03-14.",
  "The deposit was 1,250.50 €.",
  "Put the plan into notes/garden/plan.md.",
  "Write to ada@example.org about it.",
  "The page is https://example.org/booking?id=77.",
  "We decided to paint the door green.",
  "I am allergic to hazelnuts.",
  'The project is called "Blue Heron".',
  "My flight is LH438.",
  "The train leaves at 07:42.",
  "The room has 23.5 m, I measured it.",
  "The tax number ends with 90210.",
  "The router is a FritzBox 7590.",
  "Never delete the folder archive/2019.",
  "The doctor is called Okonkwo-Baptiste.",
  "Interest is 3.75 %.",
  "The cat was born on 2019-08-02.",
  "Call the app `water-log`.",
];

const say = (role: ModelMessage["role"], text: string): ModelMessage => ({ role, content: [{ type: "text", text }] });

function exchangeOf(arrival: number, question: string): Exchange {
  const id = `call_${arrival}`;
  const messages: ModelMessage[] = [
    say("user", question),
    { role: "assistant", content: [{ type: "tool_use", id, name: "read_file", input: { path: "a" } }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "lorem ipsum ".repeat(150) }] },
    say("assistant", "i see. ".repeat(40)),
  ];
  return { arrival, place: arrival * 2, messages, tokens: toTokens(messages) };
}

const messagesOf = ({ summary, exchanges }: History): ModelMessage[] => [
  ...toSummaryMessages(summary),
  ...exchanges.flatMap(({ messages }) => messages),
];

function problemOf(history: History): string | undefined {
  const messages = [...messagesOf(history), say("user", "and now?")];
  return findProblem(messages as unknown as Parameters<typeof findProblem>[0]);
}

/** A model that copies the facts it was told to keep, and may be made to forget one. */
function copyist(forget: (call: number) => boolean = () => false): { ask: Compaction["ask"]; calls: () => string[] } {
  const calls: string[] = [];
  return {
    calls: () => calls,
    ask: async ({ question }) => {
      calls.push(question);
      const list = /# Facts to keep word for word\n((?:- .*\n?)*)/.exec(question)?.[1] ?? "";
      const facts = forget(calls.length) ? list.split("\n").slice(1).join("\n") : list;
      return { content: [{ type: "text", text: `They talked.\n${facts}` }], stopReason: "end_turn" };
    },
  };
}

/** Talks until the history was compacted so many times. */
async function talk(ask: Compaction["ask"], compactions: number): Promise<History> {
  let history = nothing;
  let count = 0;
  for (let arrival = 1; count < compactions; arrival += 1) {
    const question = planted[arrival - 1] ?? "go on, please, with that thing we talked about";
    history = { ...history, exchanges: [...history.exchanges, exchangeOf(arrival, question)] };
    if (!isTooLong(history, MAX_TOKENS)) continue;
    history = await compact(history, { maxTokens: MAX_TOKENS, ask });
    count += 1;
    expect(isTooLong(history, MAX_TOKENS)).toBe(false);
    expect(problemOf(history)).toBeUndefined();
  }
  return history;
}

/** What of the planted things that were said a request does not say any more. */
function lostOf(history: History): string[] {
  const text = JSON.stringify(messagesOf(history).flatMap(({ content }) => content.map((block) => block["text"])));
  const unescaped = text.replaceAll('\\"', '"').replaceAll("\\n", "\n");
  const said = planted.slice(0, history.exchanges.at(-1)?.arrival ?? history.summary?.upTo ?? 0);
  return said.flatMap((sentence) => findLost(toFacts(sentence), unescaped).map(({ value }) => value));
}

describe("a session that outgrows its room", () => {
  it("has planted sentences that each hold a fact", () => {
    expect(planted).toHaveLength(20);
    for (const sentence of planted) expect([sentence, toFacts(sentence).length > 0]).toEqual([sentence, true]);
  });

  it.each([
    ["a good model", copyist()],
    ["a model that forgets at its first try each time", copyist((call) => call % 2 === 1)],
    ["a model that always forgets", copyist(() => true)],
  ])("keeps twenty planted facts and whole tool pairs over three compactions, with %s", async (_who, model) => {
    const history = await talk(model.ask, 3);
    expect(history.exchanges.at(-1)?.arrival).toBeGreaterThanOrEqual(20);
    expect(lostOf(history)).toEqual([]);
  });

  it("asks again for a summary that loses a fact, naming it, and takes the good one", async () => {
    const model = copyist((call) => call === 1);
    const history = await talk(model.ask, 1);
    expect(model.calls()).toHaveLength(2);
    expect(model.calls()[1]).toContain("# Your last try lost these");
    expect(history.summary?.text).toMatch(/^They talked/);
  });

  it("asks three times at most and then takes an extract that has them all", async () => {
    const model = copyist(() => true);
    const history = await talk(model.ask, 1);
    expect(model.calls()).toHaveLength(3);
    expect(history.summary?.text).not.toContain("They talked");
    expect(lostOf(history)).toEqual([]);
  });

  it("takes the extract at once when the model can't be asked or there is no money", async () => {
    const history = await talk(async () => {
      throw unavailable("model-unreachable", "down");
    }, 3);
    expect(lostOf(history)).toEqual([]);
  });

  it("never takes a summary that is blank, cut off or too long", async () => {
    for (const [text, stopReason] of [
      [" ", "end_turn"],
      ["x".repeat(20_000), "end_turn"],
      [planted.join("\n"), "max_tokens"],
    ]) {
      const history = await talk(async () => ({ content: [{ type: "text", text }], stopReason: stopReason ?? "" }), 1);
      expect(history.summary?.text).toContain("Turns, the newest first:");
    }
  });

  it("fits after compaction whatever was said, in valid messages", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ minLength: 1, maxLength: 4_000 }), { maxLength: 40 }), async (texts) => {
        const exchanges = texts.map((text, at) => exchangeOf(at + 1, `- ${text}`));
        const history = await compact({ summary: undefined, exchanges }, { maxTokens: MAX_TOKENS, ask: copyist().ask });
        expect(isTooLong(history, MAX_TOKENS)).toBe(false);
        expect(problemOf(history)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
});
