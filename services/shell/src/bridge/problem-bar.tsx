import type { ReactElement } from "react";
import { Icon } from "../design/icon.tsx";
import { IconButton } from "../design/parts.tsx";
import { sendText } from "../live/outbox.ts";
import { showSession } from "../live/sessions.ts";
import { findAppSession } from "../launcher/app-sessions.ts";
import { askConsent } from "../state/consent-store.ts";
import { windows } from "../state/window-store.ts";
import type { AppProblem } from "./answer-app.ts";

/** Says what broke inside an app and offers to have it mended. */
export function ProblemBar(props: {
  readonly app: string;
  readonly name: string;
  readonly problem: AppProblem;
  readonly onDismiss?: () => void;
}): ReactElement {
  const { app, name, problem } = props;
  return (
    <div className="problem-bar" role="alert">
      <Icon name="warn" />
      <div>
        <strong>This app has a problem</strong>
        <p className="small">{problem.message}</p>
      </div>
      <button type="button" className="button" onClick={() => void askToFix({ app, name, problem })}>
        Ask to fix
      </button>
      {props.onDismiss !== undefined && <IconButton icon="close" label="Dismiss" onClick={props.onDismiss} />}
    </div>
  );
}

/** The words come from the app and may say anything: the owner sees exactly what goes out in their name. */
async function askToFix(of: {
  readonly app: string;
  readonly name: string;
  readonly problem: AppProblem;
}): Promise<void> {
  const { app, name, problem } = of;
  const text =
    `The app “${name}” (apps/${app}/) has a problem. Please fix it.\n\n${problem.message}\n${problem.source}`.trim();
  const yes = await askConsent({ app, appName: name, question: "Send this to Matrix OS?", text });
  if (!yes) return;
  const session = findAppSession(app);
  showSession(session);
  windows.open("chat");
  void sendText(text, session);
}
