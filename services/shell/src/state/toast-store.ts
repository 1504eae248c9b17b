import { create } from "zustand";

/** A short message at the edge of the desktop. */
export interface Toast {
  readonly id: number;
  /** Who says it: an app's name; not set: Matrix OS. */
  readonly from?: string;
  readonly title: string;
  readonly body?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** At most this many are shown; the oldest goes first. */
const MAX_TOASTS = 4;
const SHOWN_MS = 6_000;
let lastId = 0;

/** The messages that are shown now. */
export const useToasts = create<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }));

/** Shows a message for some seconds. */
export function showToast(toast: Omit<Toast, "id">): void {
  lastId += 1;
  const id = lastId;
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, { ...toast, id }].slice(-MAX_TOASTS) }));
  setTimeout(() => hideToast(id), SHOWN_MS);
}

/** Takes a message away. */
export function hideToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}
