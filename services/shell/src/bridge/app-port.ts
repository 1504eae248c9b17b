import { MAX_PENDING_REQUESTS, MAX_VALUE_LENGTH, type BridgeMessage, type BridgeRequest, bridgeRequest } from "@matrix-os/contracts/app/bridge";
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
  const tell = (message: BridgeMessage): void => port.postMessage(message);
  const refuse = (id: number, code: string, message: string): void => tell({ type: "refusal", id, code, message });

  const hear = async (data: unknown): Promise<void> => {
    const rate = judgeRate(meter.note(performance.now()));
    if (rate === "stop") {
      port.close();
      return options.onFlood();
    }
    const id = readId(data);
    if (rate === "refuse") return refuse(id, "busy", "too many messages in a second");
    if (pending >= MAX_PENDING_REQUESTS) return refuse(id, "busy", `at most ${MAX_PENDING_REQUESTS} requests at a time`);
    if (!isWithin(data, MAX_REQUEST_LENGTH)) return refuse(id, "too-large", `a request may have ${MAX_REQUEST_LENGTH} characters`);
    const request = bridgeRequest.safeParse(data);
    if (!request.success) return refuse(id, "invalid", request.error.issues[0]?.message ?? "not a request");
    const missing = findMissingPermission(request.data, options.permissions);
    if (missing !== undefined) return refuse(id, "denied", `app.json lacks the permission "${missing}"`);
    pending += 1;
    try {
      tell({ type: "answer", id, value: await options.answer(request.data) });
    } catch (thrown) {
      refuse(id, ...toRefusal(thrown));
    } finally {
      pending -= 1;
    }
  };

  port.addEventListener("message", (event: MessageEvent<unknown>) => void hear(event.data));
  port.start();
  return { tell, close: () => port.close() };
}

/** The number to answer to; -1 when there is none. */
function readId(data: unknown): number {
  const id = typeof data === "object" && data !== null && "id" in data ? data.id : undefined;
  return typeof id === "number" ? id : -1;
}

function toRefusal(thrown: unknown): [code: string, message: string] {
  if (thrown instanceof OsError) return [thrown.code, thrown.message];
  const { code, detail } = toFailure(thrown);
  return [code, detail];
}
