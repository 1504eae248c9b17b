import type { AppPort } from "./app-port.ts";
import { type Meter, judgeRate } from "./limits.ts";

/** What the app's first word looks like, and what the shell hands over in return. */
const READY_MESSAGE = "matrix:ready";
/** The message that carries the port. */
const PORT_MESSAGE = "matrix:port";

/** Which frame to connect, and how. */
export interface ConnectOptions {
  readonly frame: HTMLIFrameElement;
  /** Counts everything the frame says. */
  readonly meter: Meter;
  readonly open: (port: MessagePort) => AppPort;
  readonly onFlood: () => void;
}

/** The line to a frame that may be loaded again. */
export interface FrameLine {
  tell(message: Parameters<AppPort["tell"]>[0]): void;
  close(): void;
}

/**
 * Hands a frame a message port when a page in it says that it is ready, once for each page load. The word must come from this
 * very frame; its origin is opaque and proves nothing. A new page's port ends the old one.
 */
export function connectFrame({ frame, meter, open, onFlood }: ConnectOptions): FrameLine {
  let port: AppPort | undefined;
  let served = false;
  const close = (): void => {
    globalThis.removeEventListener("message", hear);
    frame.removeEventListener("load", noteLoad);
    port?.close();
  };
  const hear = (event: MessageEvent<unknown>): void => {
    if (event.source === null || event.source !== frame.contentWindow) return;
    if (judgeRate(meter.note(performance.now())) === "stop") {
      close();
      return onFlood();
    }
    if (served || !isReady(event.data)) return;
    served = true;
    port?.close();
    const channel = new MessageChannel();
    port = open(channel.port1);
    // An opaque origin can't be named; the port goes to the window that was just compared.
    frame.contentWindow?.postMessage({ type: PORT_MESSAGE }, "*", [channel.port2]);
  };
  // A page says «ready» before it has loaded: whoever says it afterwards is the next page.
  const noteLoad = (): void => {
    served = false;
  };
  globalThis.addEventListener("message", hear);
  frame.addEventListener("load", noteLoad);
  return { tell: (message) => port?.tell(message), close };
}

function isReady(data: unknown): boolean {
  return typeof data === "object" && data !== null && "type" in data && data.type === READY_MESSAGE;
}
