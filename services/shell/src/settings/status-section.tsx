import { type Status, readStatusRoute } from "@matrix-os/contracts/api/status";
import { type ReactElement, useState } from "react";
import { KeyDialog } from "../chat/rehearsal-label.tsx";
import { FailureState, Skeleton } from "../design/parts.tsx";
import { call } from "../live/rest.ts";
import { useLoaded } from "./use-loaded.ts";

const readStatus = (): Promise<Status> => call(readStatusRoute);

/** Which model thinks, what it may cost, which services run. */
export function StatusSection(): ReactElement {
  const { loaded, again } = useLoaded(readStatus);
  return (
    <section aria-labelledby="system">
      <div className="section-head">
        <h2 id="system">System</h2>
        <button type="button" className="button plain" onClick={again}>
          Look again
        </button>
      </div>
      {loaded.state === "loading" && <Skeleton label="Loading the status" />}
      {loaded.state === "failed" && <FailureState failure={loaded.failure} onRetry={again} />}
      {loaded.state === "ready" && <Facts status={loaded.value} />}
    </section>
  );
}

function Facts({ status }: { readonly status: Status }): ReactElement {
  const [isKeyOpen, openKey] = useState(false);
  return (
    <>
      {status.problems.map((problem) => (
        <p key={problem} className="problem small">
          {problem}
        </p>
      ))}
      <dl className="facts">
        <dt>Model</dt>
        <dd>
          {status.model}
          {status.rehearsal && (
            <button type="button" className="button plain" onClick={() => openKey(true)}>
              How to set a key
            </button>
          )}
        </dd>
        <dt>Spent today</dt>
        <dd>
          <Budget spent={status.spentTodayUsd} budget={status.dayBudgetUsd} />
        </dd>
        <dt>Home</dt>
        <dd>
          <code>{status.home ?? "—"}</code>
        </dd>
        <dt>Version</dt>
        <dd>
          {status.version}, up for {toDuration(status.uptimeSeconds)}
        </dd>
        <dt>Commands</dt>
        <dd title={status.sandbox?.why.join(" ")}>{toSandboxWords(status.sandbox)}</dd>
        <dt>Services</dt>
        <dd>
          <Services services={{ ...status.services, bus: status.bus }} />
        </dd>
      </dl>
      {isKeyOpen && <KeyDialog onClose={() => openKey(false)} />}
    </>
  );
}

function toSandboxWords(sandbox: Status["sandbox"]): string {
  if (sandbox === undefined) return "—";
  if (sandbox.level === "bubblewrap") return "Confined by bubblewrap";
  const state = sandbox.level === "none" ? "Refused, no sandbox works here." : "NOT CONFINED.";
  return `${state} ${sandbox.remedy ?? ""}`.trim();
}

function Budget({ spent, budget }: { readonly spent: number; readonly budget: number }): ReactElement {
  const words = `$${spent.toFixed(2)} of $${budget.toFixed(2)}`;
  return (
    <span className="budget">
      <span
        className="budget-bar"
        role="meter"
        aria-label="Spent today"
        aria-valuemin={0}
        aria-valuemax={budget}
        aria-valuenow={spent}
        aria-valuetext={words}
      >
        <i style={{ width: `${budget > 0 ? Math.min(100, (spent / budget) * 100) : 0}%` }} />
      </span>
      {words}
    </span>
  );
}

function Services({ services }: { readonly services: Readonly<Record<string, "up" | "down">> }): ReactElement {
  return (
    <ul className="services">
      {Object.entries(services).map(([name, state]) => (
        <li key={name} data-state={state}>
          {name}
          <span className={state === "up" ? "for-screen-readers" : "small"}> {state}</span>
        </li>
      ))}
    </ul>
  );
}

function toDuration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}
