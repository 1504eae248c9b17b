import type { SessionEvent } from "@matrix-os/contracts/shell/session-event";
import type { Delta, TurnEvent } from "../turn/turn-event.ts";
import type { Paint } from "./paint.ts";

/** Turns the events of one turn into text to append. It never repeats what it has shown, also when events come twice. */
export interface TurnView {
  readonly show: (event: TurnEvent) => string;
  /** Whether the text so far ends with a line break, so that something else may be shown. */
  readonly isAtLineStart: () => boolean;
}

interface StepText {
  step: number;
  /** The next number that a delta must have; past a hole the step waits for its `text`. */
  next: number;
  received: string;
  shown: string;
  isFinal: boolean;
}

const stepMarks = {
  running: "",
  done: "",
  failed: " — failed",
  "in-doubt": " — cut off, its result is unknown",
} as const;

/** A view of one turn from its start. */
export function createTurnView(paint: Paint): TurnView {
  let atLineStart = true;
  let current = newStep(0);
  const seenSteps = new Set<string>();

  const append = (text: string): string => {
    if (text !== "") atLineStart = text.endsWith("\n");
    return text;
  };
  const freshLine = (): string => append(atLineStart ? "" : "\n");
  const line = (text: string): string => freshLine() + append(`${text}\n`);
  const text = (target: string): string => {
    const rest = unshown(current, target);
    if (rest === undefined) {
      current.shown = target;
      return line(paint.dim("(the answer starts over)")) + append(paint.text(target));
    }
    current.shown += rest;
    return append(paint.text(rest));
  };
  const finalText = (step: number, whole: string): string => {
    if (step < current.step || (step === current.step && current.isFinal)) return "";
    if (step > current.step) current = newStep(step);
    const shown = text(whole) + freshLine();
    current.isFinal = true;
    return shown;
  };

  const show = (event: TurnEvent): string => {
    switch (event.type) {
      case "delta":
        if (event.step > current.step) current = newStep(event.step);
        return takeDelta(current, event) ? text(current.received) : "";
      case "text":
        return finalText(event.step, event.text);
      case "step": {
        const key = `${event.call} ${event.state}`;
        if (seenSteps.has(key)) return "";
        seenSteps.add(key);
        return event.state === "done" ? "" : line(toStepLine(event, paint));
      }
      case "ask":
        return line(paint.yellow(toQuestionLine(event, paint)));
      case "answered":
        return event.verdict === "allow" ? "" : line(paint.dim(`  ${answers[event.verdict]}`));
      case "retry":
        return line(paint.yellow(`  ${paint.symbol("⟳")}the model call failed: ${paint.name(event.error.message)}`));
      case "notice":
        return line(paint.yellow(`  ${paint.name(event.message)}`));
      case "finished":
        return withoutSpace(event.text) === withoutSpace(current.shown)
          ? freshLine()
          : finalText(current.isFinal ? current.step + 1 : current.step, event.text);
      case "message":
        return "";
      default:
        return event satisfies never;
    }
  };
  return { show, isAtLineStart: () => atLineStart };
}

const answers = { deny: "denied", expired: "nobody answered" } as const;

function toQuestionLine({ ask, words }: SessionEvent & { type: "ask" }, paint: Paint): string {
  return `  ? ${paint.name(words.title)}: waits for you. See: matrixos approvals; then: matrixos approvals allow ${paint.name(ask)}`;
}

/** One tool call as a line: its name, what it works on, and how it ended if not well. */
export function toStepLine(
  step: Pick<SessionEvent & { type: "step" }, "tool" | "label" | "state">,
  paint: Paint,
): string {
  const isBad = step.state === "failed" || step.state === "in-doubt";
  const words =
    `${paint.symbol(isBad ? "✗" : toSymbol(step.tool))}${paint.name(step.tool)} ${paint.name(step.label)}`.trimEnd();
  return `  ${isBad ? paint.red(words + stepMarks[step.state]) : paint.cyan(words)}`;
}

function toSymbol(tool: string): string {
  return /^(write|edit|create|move|delete)/.test(tool) ? "✎" : "▸";
}

function newStep(step: number): StepText {
  return { step, next: 0, received: "", shown: "", isFinal: false };
}

// Number 0 again means that the step is told from its start: after a reconnect, or because the model had to start over.
function takeDelta(current: StepText, delta: Delta): boolean {
  if (delta.step < current.step || current.isFinal) return false;
  if (delta.number === 0) {
    current.received = "";
    current.next = 0;
  }
  if (delta.number !== current.next) return false;
  current.next += 1;
  current.received = (current.received + delta.text).trimStart();
  return true;
}

/** What of `target` is not shown yet; undefined when something else has been shown. */
function unshown(current: StepText, target: string): string | undefined {
  if (target.startsWith(current.shown)) return withoutHalfCharacter(target.slice(current.shown.length));
  return isSameText(current.shown, target) ? "" : undefined;
}

// True too while a repeated step is still catching up with what has been shown.
function isSameText(shown: string, target: string): boolean {
  return withoutSpace(shown).startsWith(withoutSpace(target));
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, "");
}

// A delta may end inside a surrogate pair or a line end: the half waits for the other one.
function withoutHalfCharacter(text: string): string {
  return /[\ud800-\udbff\r]$/.test(text) ? text.slice(0, -1) : text;
}
