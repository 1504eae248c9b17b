import { type ReactElement, useState } from "react";
import { Dialog } from "../design/parts.tsx";
import { useApprovals } from "../state/approval-store.ts";
import { ApprovalCard } from "./approval-card.tsx";

/** Says in the shelf how much waits for the owner, and shows all of it. Nothing waits: nothing is there. */
export function ApprovalsBell(): ReactElement | null {
  const waiting = useApprovals((state) => state.waiting);
  const [isOpen, open] = useState(false);
  if (waiting.length === 0) return null;
  return (
    <>
      <button type="button" className="shelf-rehearsal" onClick={() => open(true)}>
        <span className="spark" aria-hidden="true" /> {waiting.length} {waiting.length === 1 ? "waits" : "wait"} for you
      </button>
      {isOpen && (
        <Dialog label="What waits for you" onClose={() => open(false)}>
          <h2>What waits for you</h2>
          <div className="approvals">
            {waiting.map((question) => (
              <ApprovalCard key={question.ask} question={question} />
            ))}
          </div>
        </Dialog>
      )}
    </>
  );
}
