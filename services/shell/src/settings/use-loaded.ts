import { useEffect, useState } from "react";
import { type Failure, toFailure } from "../live/failure.ts";
import { useConnection } from "../state/connection-store.ts";

/** Something that was asked of the gateway. */
export type Loaded<Value> =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly value: Value }
  | { readonly state: "failed"; readonly failure: Failure };

/** Asks once, again when the connection is back, and whenever `again` is called. `load` must not change between renders. */
export function useLoaded<Value>(load: () => Promise<Value>): {
  readonly loaded: Loaded<Value>;
  readonly again: () => void;
} {
  const [loaded, setLoaded] = useState<Loaded<Value>>({ state: "loading" });
  const [round, setRound] = useState(0);
  const isOpen = useConnection(({ connection }) => connection.phase === "open");
  useEffect(() => {
    let isOver = false;
    const read = async (): Promise<void> => {
      const next = await settle(load);
      if (!isOver) setLoaded(next);
    };
    void read();
    return () => {
      isOver = true;
    };
  }, [load, round, isOpen]);
  return { loaded, again: () => setRound(round + 1) };
}

async function settle<Value>(load: () => Promise<Value>): Promise<Loaded<Value>> {
  try {
    return { state: "ready", value: await load() };
  } catch (thrown) {
    return { state: "failed", failure: toFailure(thrown) };
  }
}
