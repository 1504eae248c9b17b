import { type ReactElement, useEffect, useLayoutEffect, useRef } from "react";
import { useSettings } from "../state/settings-store.ts";
import { type AppProblem, answerApp } from "./answer-app.ts";
import { openAppPort } from "./app-port.ts";
import { type FrameLine, connectFrame } from "./connect-frame.ts";
import { createMeter } from "./limits.ts";
import type { OpenedApp } from "./open-app.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

// React does not know this one; where a browser doesn't either, the address itself still carries no cookie.
const withoutCredentials = { credentialless: "" } as Record<string, string>;

interface FrameProps {
  readonly app: string;
  readonly opened: OpenedApp;
  readonly frameName: string;
  readonly onProblem: (problem: AppProblem) => void;
  readonly onKeep: (state: unknown) => void;
  readonly onFlood: () => void;
}

/** One load of an app: an opaque origin without powers, and a message port for all it may ask. */
export function AppFrame(props: FrameProps): ReactElement {
  const frame = useRef<HTMLIFrameElement>(null);
  const line = useRef<FrameLine>(null);
  const latest = useRef(props);
  const theme = useSettings((state) => state.shownTheme);
  useEffect(() => {
    latest.current = props;
  });
  // Before the browser paints: the frame's first word must find somebody who listens.
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const opened = connect(element, latest);
    line.current = opened;
    return () => opened.close();
  }, []);
  useEffect(() => line.current?.tell({ type: "theme", theme }), [theme]);
  return (
    <iframe
      ref={frame}
      className="app-frame"
      title={props.opened.manifest.name}
      name={props.frameName}
      src={props.opened.url}
      sandbox="allow-scripts allow-forms"
      allow=""
      referrerPolicy="no-referrer"
      {...withoutCredentials}
    />
  );
}

function connect(frame: HTMLIFrameElement, latest: { readonly current: FrameProps }): FrameLine {
  const { app, opened } = latest.current;
  const { name, permissions } = opened.manifest;
  const window = {
    app,
    name,
    notifications: createMeter(MINUTE_MS),
    onProblem: (problem: AppProblem) => latest.current.onProblem(problem),
    onKeep: (state: unknown) => latest.current.onKeep(state),
  };
  const meter = createMeter(SECOND_MS);
  const onFlood = (): void => latest.current.onFlood();
  let kept: unknown = readKept(latest.current.frameName);
  const onKeep = (state: unknown): void => {
    kept = state;
    window.onKeep(state);
  };
  return connectFrame({
    frame,
    meter,
    onFlood,
    open: (port) => {
      const answered = { ...window, onKeep };
      const opening = openAppPort({
        port,
        permissions,
        meter,
        onFlood,
        answer: (request) => answerApp(answered, request),
      });
      opening.tell({ type: "hello", app, theme: useSettings.getState().shownTheme, kept });
      return opening;
    },
  });
}

function readKept(frameName: string): unknown {
  return (JSON.parse(frameName) as { readonly kept: unknown }).kept;
}
