import type { History } from "@matrix-os/contracts/api/history";
import { create } from "zustand";
import type { Loading } from "./session-store.ts";

/** One entry of the history. */
export type HistoryEntry = History["entries"][number];

/** What changed the home, newest first, as far as it was read. */
export const useHistory = create<{
  readonly entries: readonly HistoryEntry[];
  readonly more: boolean;
  readonly loading: Loading;
}>(() => ({
  entries: [],
  more: false,
  loading: "loading",
}));
