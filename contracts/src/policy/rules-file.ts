import { z } from "zod";
import { fromZodError, rejected } from "../errors.ts";

/** Where the owner's rules stand in the home. No tool can write there. */
export const RULES_FILE_PATH = "system/policy/approvals.json";

/** A pattern that names something: it begins with a letter, digit or `_` and has no `*` in its first name. */
const NARROW = /^[\p{L}\p{N}_][^*/]*(?:\/|\.|:|$)/u;

const rule = z
  .strictObject({
    /** The tool's name; `*` for all (never in a rule that allows). */
    tool: z.string().min(1).max(64),
    /** A path, host or recipient. `*` stands for anything inside one name, `**` for anything. */
    target: z.string().min(1).max(500),
    verdict: z.enum(["allow", "ask", "refuse"]),
    /** Whether a grant also holds while words of others are in the conversation. */
    evenWhenTainted: z.boolean().default(false),
  })
  .refine(({ tool, verdict }) => verdict !== "allow" || tool !== "*", {
    path: ["tool"],
    message: "a grant must name its tool",
  })
  .refine(({ target, verdict }) => verdict !== "allow" || NARROW.test(target), {
    path: ["target"],
    message: "a grant must be narrow: its first name may hold no *",
  });

/** `system/policy/approvals.json`: narrow grants, and what is to be asked or refused beyond the built-in table. */
export const rulesFile = z.strictObject({ rules: z.array(rule).max(500).default([]) });

/** One rule of the owner. */
export type Rule = z.infer<typeof rule>;

/** The rules in this text; `rejected/invalid` names the wrong field. */
export function parseRulesFile(text: string): readonly Rule[] {
  const parsed = rulesFile.safeParse(toJson(text));
  if (parsed.success) return parsed.data.rules;
  throw fromZodError(parsed.error);
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw rejected("invalid", `${RULES_FILE_PATH} is not valid JSON`, { field: RULES_FILE_PATH, cause });
  }
}
