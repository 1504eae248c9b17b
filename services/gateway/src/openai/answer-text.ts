/** Turns lossy drafts and final texts into one growing answer; each function returns what is new. */
export interface AnswerText {
  /** Text on its way, numbered from 0 in each step. */
  addDelta(delta: { readonly step: number; readonly number: number; readonly text: string }): string;
  /** The final text of a step: whatever was missed of it. */
  addText(step: number, text: string): string;
  /** The final text of the turn. */
  finish(text: string): string;
}

interface StepText {
  readonly step: number;
  sent: string;
  /** White space that is only said once something follows it, as the final text ends without. */
  held: string;
  next: number;
  /** A number was missed or came again: the final text will tell the rest. */
  broken: boolean;
}

const BETWEEN_STEPS = "\n\n";

/**
 * Steps are separated by a blank line. What was said can't be taken back: when a step was begun anew after a failure,
 * its final text is said whole.
 */
export function createAnswerText(): AnswerText {
  let current: StepText = { step: 0, sent: "", held: "", next: 0, broken: false };
  let said = false;
  let lastText = "";
  const say = (text: string, begins: boolean): string => {
    if (text === "") return "";
    const separator = begins && said ? BETWEEN_STEPS : "";
    said = true;
    return `${separator}${text}`;
  };
  const enter = (step: number) => {
    if (current.step !== step) current = { step, sent: "", held: "", next: 0, broken: false };
  };
  return {
    addDelta: ({ step, number, text }) => {
      enter(step);
      if (number !== current.next) current.broken = true;
      if (current.broken) return "";
      current.next += 1;
      const waiting = current.sent === "" ? (current.held + text).trimStart() : current.held + text;
      const sayable = waiting.trimEnd();
      current.held = waiting.slice(sayable.length);
      const begins = current.sent === "";
      current.sent += sayable;
      return say(sayable, begins);
    },
    addText: (step, text) => {
      enter(step);
      lastText = text;
      const { sent } = current;
      current = { ...current, broken: true, sent: text };
      return text.startsWith(sent) ? say(text.slice(sent.length), sent === "") : say(text, true);
    },
    finish: (text) => (text === lastText ? "" : say(text, true)),
  };
}
