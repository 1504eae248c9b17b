import { create } from "zustand";
import {
  type ConnectionEvent,
  type ConnectionState,
  evolveConnection,
  firstConnectionState,
} from "./connection-state.ts";

/** Who thinks, as the gateway said when the connection was opened. */
export interface ModelFacts {
  readonly version: string;
  readonly model: string;
  readonly rehearsal: boolean;
}

/** The connection, and what the gateway said about itself. */
export const useConnection = create<{ readonly connection: ConnectionState; readonly facts: ModelFacts | undefined }>(
  () => ({
    connection: firstConnectionState,
    facts: undefined,
  }),
);

/** Notes what happened to the connection. */
export function noteConnection(event: ConnectionEvent): void {
  useConnection.setState(({ connection }) => ({ connection: evolveConnection(connection, event) }));
}
