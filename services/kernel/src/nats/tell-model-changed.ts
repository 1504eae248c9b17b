import type { Bus } from "@matrix-os/bus";
import { modelChangedEvent } from "@matrix-os/contracts/kernel/model-changed.event";
import type { Log } from "@matrix-os/runtime/log";
import type { ModelAccess } from "../config.ts";
import type { ModelChoice } from "../model/model-choice.ts";
import type { HomeReader } from "./home-reader.ts";

/** Tells shells that another model answers now. One that misses it learns it with its next hello. */
export function tellModelChanged(of: {
  readonly bus: Bus;
  readonly log: Log;
  readonly choice: ModelChoice;
  readonly home: HomeReader;
  readonly access: ModelAccess;
}): void {
  const { provider } = of.access;
  const tell = async () => {
    const { config } = await of.home.read();
    const model = await of.choice.name(of.access, config).catch(() => "unknown");
    of.log.info({ provider, model }, "another model answers");
    await of.bus.publish(modelChangedEvent, provider, { model, provider });
  };
  tell().catch((error: unknown) => of.log.warn({ err: error }, "a changed model could not be announced"));
}
