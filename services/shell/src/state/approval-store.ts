import type { PendingQuestion } from "@matrix-os/contracts/policy/question";
import { create } from "zustand";

/** What waits for the owner's approval, the oldest first, as the gateway told it last. */
export const useApprovals = create<{ readonly waiting: readonly PendingQuestion[] }>(() => ({ waiting: [] }));
