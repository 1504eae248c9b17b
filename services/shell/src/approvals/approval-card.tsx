import { type ReactElement, useEffect, useId, useState } from "react";
import type { PendingQuestion } from "@matrix-os/contracts/policy/question";
import { Icon } from "../design/icon.tsx";
import { answerApproval } from "../live/approvals.ts";
import { toFailure, toSentence } from "../live/failure.ts";
import { showToast } from "../state/toast-store.ts";
import "./approvals.css";

/** A card that just appeared can't be allowed for so long: the click may have been meant for what was there before. */
const ALLOW_AFTER_MS = 600;
const marks = { same: " ", added: "+", removed: "−" } as const;

/** One question to the owner: exactly what will happen, in the system's words. Denying comes first. */
export function ApprovalCard({ question }: { readonly question: PendingQuestion }): ReactElement {
  const { words, taint } = question;
  const title = useId();
  return (
    <section className="approval" aria-labelledby={title}>
      <h3 id={title}>
        <Icon name="question" /> {words.title}
      </h3>
      <p className="small">{words.why}</p>
      {taint.length > 0 && (
        <p className="small approval-taint">
          <Icon name="warn" size={15} /> Words of others are in this conversation ({taint.join(", ")}). They may have
          asked for this.
        </p>
      )}
      {words.facts.length > 0 && (
        <dl className="approval-facts scroll" tabIndex={0} aria-label="What exactly">
          {words.facts.map(({ name, value }, index) => (
            <div key={index}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {words.diff !== undefined && words.diff.length > 0 && (
        <pre className="approval-diff scroll" tabIndex={0} aria-label="What changes">
          {words.diff.map(({ kind, text }, index) => (
            <span key={index} data-kind={kind}>
              {`${marks[kind]} ${text}\n`}
            </span>
          ))}
        </pre>
      )}
      <Answers question={question} />
    </section>
  );
}

function Answers({ question }: { readonly question: PendingQuestion }): ReactElement {
  const [state, setState] = useState<"fresh" | "ready" | "busy">("fresh");
  useEffect(() => {
    const timer = setTimeout(() => setState("ready"), ALLOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const answer = async (verdict: "allow" | "deny"): Promise<void> => {
    setState("busy");
    await answerApproval(question.ask, verdict).catch((thrown: unknown) =>
      showToast({ title: toSentence(toFailure(thrown).code) }),
    );
    setState("ready");
  };
  return (
    <div className="approval-answers">
      <button type="button" className="button" disabled={state === "busy"} onClick={() => void answer("deny")}>
        Deny
      </button>
      <button
        type="button"
        className="button primary"
        disabled={state !== "ready"}
        onClick={() => void answer("allow")}
      >
        Allow once
      </button>
    </div>
  );
}
