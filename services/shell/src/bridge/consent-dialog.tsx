import type { ReactElement } from "react";
import { Dialog } from "../design/parts.tsx";
import { useConsents } from "../state/consent-store.ts";

/** Shows the owner exactly what an app wants to say in their name. Closing it is a no. */
export function ConsentDialog(): ReactElement | null {
  const consent = useConsents(({ waiting }) => waiting[0]);
  if (consent === undefined) return null;
  return (
    <Dialog key={consent.text} label={consent.question} onClose={() => consent.answer(false)}>
      <h2>{consent.question}</h2>
      <p className="soft small">
        This goes out in your name, and may cost tokens. Send it only if it says what you want.
      </p>
      <pre className="quoted scroll" tabIndex={0}>
        {consent.text}
      </pre>
      <div className="dialog-actions">
        <button type="button" className="button plain" onClick={() => consent.answer(false)}>
          Don’t send
        </button>
        <button type="button" className="button primary" onClick={() => consent.answer(true)}>
          Send
        </button>
      </div>
    </Dialog>
  );
}
