import type { Action } from "@matrix-os/contracts/policy/action";
import { type Area, toArea } from "./area.ts";
import { type Deed, MANY_FILES } from "./table.ts";

/** What is known about the world that an action alone does not tell. */
export interface Facts {
  /** Files that it would touch, as far as they are listed. */
  readonly paths: readonly string[];
  readonly pathCount: number;
  /** Files that the same turn has deleted before. */
  readonly deletedBefore?: number | undefined;
  /** Hosts that the owner named in this conversation. */
  readonly namedHosts: readonly string[];
  /** Hosts that the owner's policy opens to commands. */
  readonly commandHosts?: readonly string[] | undefined;
}

/** One deed with what it is done to: a path, a host or a recipient. */
export interface Target {
  readonly deed: Deed;
  readonly target: string;
}

/** Facts of an action that touches nothing but what it names. */
export const noFacts: Facts = { paths: [], pathCount: 0, namedHosts: [] };

/** Everything that an action would do; nothing when it touches nothing. */
export function toDeeds(action: Action, facts: Facts): readonly Target[] {
  switch (action.do) {
    case "read":
      return [{ deed: "read", target: "" }];
    case "write":
      return action.paths.map(toWrite);
    case "move":
      return [action.from, action.to, ...facts.paths].map(toWrite);
    case "undo":
      return [...toMany(`history: ${action.direction}`, facts.pathCount), ...facts.paths.map(toWrite)];
    case "delete":
      return toDeletion(action.paths, facts);
    case "run":
      return toRun(action, facts.commandHosts ?? []);
    case "end":
      return [{ deed: "end", target: "" }];
    case "fetch":
      return [toFetch(action.url, facts)];
    case "send":
      return [{ deed: "send", target: action.recipient }];
    default:
      return action satisfies never;
  }
}

function toRun({ command, hosts }: Extract<Action, { do: "run" }>, granted: readonly string[]): Target[] {
  const online = [
    ...hosts.map((target): Target => ({ deed: "run-online", target })),
    ...granted.map((target): Target => ({ deed: "run-with-granted-hosts", target })),
  ];
  return online.length === 0 ? [{ deed: "run-offline", target: command }] : online;
}

const writes: Readonly<Record<Area, Deed>> = {
  open: "write-open",
  memory: "write-memory",
  protected: "write-protected",
  kept: "write-kept",
  policy: "write-policy",
};

function toWrite(target: string): Target {
  return { deed: writes[toArea(target)], target };
}

function toDeletion(paths: readonly string[], facts: Facts): Target[] {
  const deeds = [...paths, ...facts.paths].map(toWrite);
  return [...deeds, ...toMany(paths.join(", "), facts.pathCount + (facts.deletedBefore ?? 0))];
}

function toMany(target: string, count: number): Target[] {
  return count > MANY_FILES ? [{ deed: "delete-many", target }] : [];
}

function toFetch(text: string, { namedHosts }: Facts): Target {
  const url = URL.parse(text);
  if (url === null) return { deed: "fetch-elsewhere", target: text };
  const target = url.hostname;
  if (!namedHosts.includes(target)) return { deed: "fetch-elsewhere", target };
  const hasData = url.search !== "" || url.hash !== "" || url.username !== "" || url.pathname.length > MAX_PLAIN_PATH;
  return { deed: hasData ? "fetch-with-data" : "fetch", target };
}

/** A longer path may hold data. */
const MAX_PLAIN_PATH = 120;
