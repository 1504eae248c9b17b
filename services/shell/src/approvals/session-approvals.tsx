import type { ReactElement } from "react";
import { useShallow } from "zustand/react/shallow";
import { useApprovals } from "../state/approval-store.ts";
import { ApprovalCard } from "./approval-card.tsx";

/** What a conversation waits for, together at its end. */
export function SessionApprovals({ session }: { readonly session: string | undefined }): ReactElement | null {
  const waiting = useApprovals(useShallow((state) => state.waiting.filter((one) => one.session === session)));
  if (waiting.length === 0) return null;
  return (
    <div className="approvals" role="group" aria-label="Waits for you">
      {waiting.map((question) => (
        <ApprovalCard key={question.ask} question={question} />
      ))}
    </div>
  );
}
