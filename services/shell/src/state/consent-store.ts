import { create } from "zustand";

/** A text that an app wants to send to the kernel in the owner's name. */
export interface Consent {
  readonly app: string;
  readonly appName: string;
  readonly question: string;
  /** Exactly what will be sent. */
  readonly text: string;
  readonly answer: (yes: boolean) => void;
}

/** Requests for consent that wait, the first one shown. One for each app at most. */
export const useConsents = create<{ readonly waiting: readonly Consent[] }>(() => ({ waiting: [] }));

/** Asks the owner; false at once while this app's earlier question waits. */
export function askConsent(consent: Omit<Consent, "answer">): Promise<boolean> {
  const { waiting } = useConsents.getState();
  if (waiting.some(({ app }) => app === consent.app)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const answer = (yes: boolean): void => {
      useConsents.setState((state) => ({ waiting: state.waiting.filter((one) => one.answer !== answer) }));
      resolve(yes);
    };
    useConsents.setState((state) => ({ waiting: [...state.waiting, { ...consent, answer }] }));
  });
}
