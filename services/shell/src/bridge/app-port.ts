import {
  MAX_PENDING_REQUESTS,
  MAX_VALUE_LENGTH,
  type BridgeMessage,
  type BridgeRequest,
  bridgeRequest,
} from "@matrix-os/contracts/app/bridge";
import type { AppPermission } from "@matrix-os/contracts/app/manifest";
import { OsError } from "@matrix-os/contracts/errors";
import { toFailure } from "../live/failure.ts";
import { isWithin, judgeRate, type Meter } from "./limits.ts";
import { findMissingPermission } from "./permissions.ts";

/** The shell's end of the line to an app. */
export interface AppPort {
  tell(message: BridgeMessage): void;
  close(): void;
}

/** What an app's port needs. The meter belongs to the window: a new port does not give a new allowance. */
export interface AppPortOptions {
  readonly port: MessagePort;
  readonly permissions: readonly AppPermission[];
  readonly meter: Meter;
  readonly answer: (request: BridgeRequest) => Promise<unknown>;
  /** The app floods the desktop: the port is closed already. */
  readonly onFlood: () => void;
}

/** JSON characters of one whole request. */
const MAX_REQUEST_LENGTH = MAX_VALUE_LENGTH + 25_000;

/** Answers what an app asks: checked, permitted, bounded. Whatever an app sends, nothing is thrown here. */
export function openAppPort(options: AppPortOptions): AppPort {
  const { port, meter } = options;
  let pending = 0;
  let isOpen = true;
  const tell = (message: BridgeMessage): void => port.postMessage(message);
  const close = (): void => {
    isOpen = false;
    port.close();
  };

  const answer = async (request: BridgeRequest): Promise<void> => {
    pending += 1;
    try {
      tell({ type: "answer", id: request.id, value: await options.answer(request) });
    } catch (thrown) {
      tell({ type: "refusal", id: request.id, ...toRefusal(thrown) });
    } finally {
      pending -= 1;
    }
  };

  const hear = (data: unknown): void => {
    // What was sent before the port was closed still arrives.
    if (!isOpen) return;
    const rate = judgeRate(meter.note(performance.now()));
    if (rate === "stop") {
      close();
      return options.onFlood();
    }
    const isBusy = rate === "refuse" || pending >= MAX_PENDING_REQUESTS;
    const checked = isBusy ? tooMany : checkRequest(data, options.permissions);
    if ("refused" in checked) tell({ type: "refusal", id: readId(data), ...checked.refused });
    else void answer(checked.request);
  };

  port.addEventListener("message", (event: MessageEvent<unknown>) => hear(event.data));
  port.start();
  return { tell, close };
}

interface Refusal {
  readonly code: string;
  readonly message: string;
}

type Checked = { readonly request: BridgeRequest } | { readonly refused: Refusal };

const tooMany: Checked = { refused: { code: "busy", message: "too many requests; wait for answers" } };

function checkRequest(data: unknown, permissions: readonly AppPermission[]): Checked {
  if (!isWithin(data, MAX_REQUEST_LENGTH)) {
    return { refused: { code: "too-large", message: `a request may have ${MAX_REQUEST_LENGTH} characters` } };
  }
  const request = bridgeRequest.safeParse(data);
  if (!request.success) {
    return { refused: { code: "invalid", message: request.error.issues[0]?.message ?? "not a request" } };
  }
  const missing = findMissingPermission(request.data, permissions);
  if (missing === undefined) return { request: request.data };
  return { refused: { code: "denied", message: `app.json lacks the permission "${missing}"` } };
}

/** The number to answer to; -1 when there is none. */
function readId(data: unknown): number {
  const id = typeof data === "object" && data !== null && "id" in data ? data.id : undefined;
  return typeof id === "number" ? id : -1;
}

function toRefusal(thrown: unknown): Refusal {
  if (thrown instanceof OsError) return { code: thrown.code, message: thrown.message };
  const { code, detail } = toFailure(thrown);
  return { code, message: detail };
}
