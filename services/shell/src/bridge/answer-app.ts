import { type BridgeRequest, MAX_VALUE_LENGTH } from "@matrix-os/contracts/app/bridge";
import { rejected } from "@matrix-os/contracts/errors";
import { askConsent } from "../state/consent-store.ts";
import { showToast } from "../state/toast-store.ts";
import { askKernel, type KernelAnswer } from "./ask-kernel.ts";
import { answerDataRequest } from "./answer-request.ts";
import { type Meter, MAX_NOTIFICATIONS_PER_MINUTE, isWithin } from "./limits.ts";

/** Something that broke inside an app. */
export interface AppProblem {
  readonly message: string;
  readonly source: string;
}

/** The window for which requests are answered. */
export interface AnsweringWindow {
  readonly app: string;
  readonly name: string;
  readonly notifications: Meter;
  readonly onProblem: (problem: AppProblem) => void;
  readonly onKeep: (state: unknown) => void;
}

/** Does what a permitted request asks. Errors: `OsError`, `RequestError`. */
export async function answerApp(window: AnsweringWindow, request: BridgeRequest): Promise<unknown> {
  switch (request.do) {
    case "notify":
      return notify(window, request);
    case "ask":
      return await askOwner(window, request.text);
    case "report":
      window.onProblem({ message: request.message, source: request.source });
      return null;
    case "keep":
      if (!isWithin(request.state, MAX_VALUE_LENGTH))
        throw rejected("too-large", `kept state may have ${MAX_VALUE_LENGTH} characters`);
      window.onKeep(request.state);
      return null;
    default:
      return await answerDataRequest(window.app, request);
  }
}

function notify(
  { name, notifications }: AnsweringWindow,
  { title, body }: { readonly title: string; readonly body: string },
): null {
  if (notifications.note(performance.now()) > MAX_NOTIFICATIONS_PER_MINUTE)
    throw rejected("busy", "too many notifications");
  showToast({ from: name, title, body });
  return null;
}

async function askOwner({ app, name }: AnsweringWindow, asked: string): Promise<KernelAnswer> {
  const text = `The app “${name}” (apps/${app}/) asks:\n\n${asked}`;
  const yes = await askConsent({ app, appName: name, question: `${name} wants to ask Matrix OS`, text });
  return yes ? await askKernel(app, text) : { status: "declined", text: "" };
}
