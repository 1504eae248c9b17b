import type { Action } from "@matrix-os/contracts/policy/action";
import type { Rule } from "@matrix-os/contracts/policy/rules-file";
import type { Taint } from "@matrix-os/contracts/policy/taint";
import { type Facts, type Target, toDeeds } from "./deeds.ts";
import { matchesTarget } from "./match-target.ts";
import { type Ruling, reasons, table } from "./table.ts";

/** The owner's rules; `unreadable` when their file is damaged: then nothing is granted, and every change is asked about. */
export type Rules = readonly Rule[] | "unreadable";

/** A call as the policy sees it. */
export interface Case {
  readonly tool: string;
  readonly action: Action;
  readonly facts: Facts;
  readonly taint: readonly Taint[];
  readonly rules: Rules;
}

/** What the policy says. `targets` are those that the ruling is about. */
export type Judgement =
  | { readonly ruling: "allow" }
  | { readonly ruling: "ask" | "refuse"; readonly why: string; readonly targets: readonly string[] };

/** Judges one call. Pure; what the model says about itself plays no part. */
export function judge(one: Case): Judgement {
  const ruled = toDeeds(one.action, one.facts).map((target) => ({ ...target, ruling: rule(one, target) }));
  const worst = ruled.some(({ ruling }) => ruling === "refuse") ? "refuse" : "ask";
  const about = ruled.filter(({ ruling }) => ruling === worst);
  const [first] = about;
  if (first === undefined) return { ruling: "allow" };
  return { ruling: worst, why: reasons[first.deed], targets: [...new Set(about.map(({ target }) => target))] };
}

function rule(one: Case, target: Target): Ruling {
  const { clean, tainted } = table[target.deed];
  const ruling = one.taint.length === 0 ? clean : tainted;
  if (ruling === "refuse") return "refuse";
  if (one.rules === "unreadable") return target.deed === "read" ? ruling : "ask";
  const fitting = one.rules.filter((each) => fits(each, one, target));
  if (fitting.some(({ verdict }) => verdict === "refuse")) return "refuse";
  if (fitting.some(({ verdict }) => verdict === "ask")) return "ask";
  return fitting.some(({ verdict }) => verdict === "allow") ? "allow" : ruling;
}

function fits({ tool, target, verdict, evenWhenTainted }: Rule, one: Case, { target: name }: Target): boolean {
  if (tool !== "*" && tool !== one.tool) return false;
  if (verdict === "allow" && one.taint.length > 0 && !evenWhenTainted) return false;
  return matchesTarget(target, name);
}

/** Whether the owner granted a tool this change of a protected path. */
export function isGranted(path: string, taint: readonly Taint[], rules: Rules): boolean {
  if (rules === "unreadable") return false;
  return rules.some(
    ({ verdict, target, evenWhenTainted }) =>
      verdict === "allow" && (taint.length === 0 || evenWhenTainted) && matchesTarget(target, path),
  );
}
