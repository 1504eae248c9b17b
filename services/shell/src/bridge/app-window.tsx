import { type ReactElement, useEffect, useRef, useState } from "react";
import { FailureState, Skeleton } from "../design/parts.tsx";
import { type Failure, toFailure } from "../live/failure.ts";
import { useApps } from "../state/app-store.ts";
import { useSettings } from "../state/settings-store.ts";
import type { AppProblem } from "./answer-app.ts";
import { AppFrame } from "./app-frame.tsx";
import { toFrameName } from "./frame-data.ts";
import { type OpenedApp, openApp } from "./open-app.ts";
import { ProblemBar } from "./problem-bar.tsx";
import "./bridge.css";

type Opening =
  | { readonly state: "opening" }
  | { readonly state: "open"; readonly opened: OpenedApp; readonly frameName: string; readonly load: number }
  | { readonly state: "failed"; readonly failure: Failure }
  | { readonly state: "flooded" };

/** An app in its window: opened, loaded again whenever its files change, stopped when it floods the desktop. */
export function AppWindow({ app }: { readonly app: string }): ReactElement {
  const version = useApps(({ versions }) => versions[app] ?? 0);
  const name = useApps(({ apps }) => apps.find((one) => one.app === app)?.manifest.name ?? app);
  const [tries, setTries] = useState(0);
  const [opening, setOpening] = useState<Opening>({ state: "opening" });
  const [problem, setProblem] = useState<AppProblem | undefined>(undefined);
  const kept = useRef<unknown>(null);
  useEffect(() => {
    let isOver = false;
    const open = async (): Promise<void> => {
      const next = await openForWindow(app, kept);
      if (isOver) return;
      setProblem(undefined);
      setOpening(next);
    };
    void open();
    return () => {
      isOver = true;
    };
  }, [app, version, tries]);
  const again = (): void => {
    setOpening({ state: "opening" });
    setTries(tries + 1);
  };
  return (
    <div className="app">
      {problem !== undefined && (
        <ProblemBar app={app} name={name} problem={problem} onDismiss={() => setProblem(undefined)} />
      )}
      {opening.state === "opening" && <Skeleton label={`Opening ${name}`} />}
      {opening.state === "failed" && <BrokenApp app={app} name={name} failure={opening.failure} onRetry={again} />}
      {opening.state === "flooded" && <Flooded name={name} onRetry={again} />}
      {opening.state === "open" && (
        <AppFrame
          key={opening.load}
          app={app}
          opened={opening.opened}
          frameName={opening.frameName}
          onProblem={(next) => setProblem((before) => before ?? next)}
          onKeep={(state) => {
            kept.current = state;
          }}
          onFlood={() => setOpening({ state: "flooded" })}
        />
      )}
    </div>
  );
}

let lastLoad = 0;

async function openForWindow(app: string, kept: { readonly current: unknown }): Promise<Opening> {
  try {
    const opened = await openApp(app);
    lastLoad += 1;
    const theme = useSettings.getState().shownTheme;
    const frameName = toFrameName({ app, theme, kept: kept.current, local: opened.local });
    return { state: "open", opened, frameName, load: lastLoad };
  } catch (thrown) {
    return { state: "failed", failure: toFailure(thrown) };
  }
}

function BrokenApp(props: {
  readonly app: string;
  readonly name: string;
  readonly failure: Failure;
  readonly onRetry: () => void;
}): ReactElement {
  const { app, name, failure, onRetry } = props;
  const isMendable = failure.code !== "offline" && failure.code !== "not-found";
  return (
    <>
      {isMendable && (
        <ProblemBar app={app} name={name} problem={{ message: failure.detail, source: `apps/${app}/app.json` }} />
      )}
      <FailureState failure={failure} onRetry={onRetry} />
    </>
  );
}

function Flooded({ name, onRetry }: { readonly name: string; readonly onRetry: () => void }): ReactElement {
  return (
    <div className="empty-state" role="alert">
      <h2>{name} was stopped</h2>
      <p>It sent more messages than the desktop can take. Everything else goes on.</p>
      <button type="button" className="button" onClick={onRetry}>
        Start it again
      </button>
    </div>
  );
}
