import { type ReactElement, useState } from "react";
import { Icon, WorkingDots } from "../design/icon.tsx";
import type { Activity, ChatMessage } from "../state/session-view.ts";
import { toStepSummary, toStepWords } from "./step-words.ts";

/** The steps of a turn: open while it runs, one line when it has ended. */
export function ActivityList({ message }: { readonly message: ChatMessage }): ReactElement | null {
  const isRunning = message.status === "running";
  const [choice, choose] = useState<boolean | undefined>(undefined);
  if (message.activity.length === 0) return null;
  const isOpen = choice ?? isRunning;
  const steps = message.activity.flatMap((item) => (item.kind === "tool" ? [item.step] : []));
  return (
    <div className="activity">
      <button type="button" className="activity-head" aria-expanded={isOpen} onClick={() => choose(!isOpen)}>
        {isRunning ? (
          <WorkingDots />
        ) : (
          <Icon name={steps.some(({ state }) => state !== "done") ? "warn" : "check"} size={16} />
        )}
        <span>{isRunning ? "Working" : toStepSummary(steps)}</span>
        <Icon name={isOpen ? "up" : "down"} size={14} />
      </button>
      {isOpen && (
        <ol>
          {message.activity.map((item, index) => (
            <ActivityLine key={item.kind === "tool" ? item.step.call : index} item={item} />
          ))}
        </ol>
      )}
    </div>
  );
}

const stateWords = { running: "running", done: "done", failed: "failed", "in-doubt": "in doubt" } as const;

function ActivityLine({ item }: { readonly item: Activity }): ReactElement {
  if (item.kind === "note") return <li className="note">{item.text}</li>;
  const { step } = item;
  const { icon, verb } = toStepWords(step);
  return (
    <li className="step" data-state={step.state}>
      <Icon name={icon} size={15} />
      <span className="step-text">
        {verb} <code>{step.label}</code>
      </span>
      <StepState state={step.state} />
    </li>
  );
}

function StepState({ state }: { readonly state: keyof typeof stateWords }): ReactElement {
  const icon = { running: undefined, done: "check", failed: "close", "in-doubt": "question" } as const;
  const name = icon[state];
  return (
    <span className="step-state">
      {name === undefined ? <span className="pulse" aria-hidden="true" /> : <Icon name={name} size={14} />}
      <span className={state === "failed" || state === "in-doubt" ? "small" : "for-screen-readers"}>
        {stateWords[state]}
      </span>
    </span>
  );
}
