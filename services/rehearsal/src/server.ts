import fastify from "fastify";
import { loadAppTemplates } from "./app-files/load-app-templates.ts";
import type { RehearsalConfig } from "./config.ts";
import { addMessagesApi } from "./messages-api/routes.ts";

/** The largest accepted request body; the same as the real API's. */
const bodyLimitBytes = 32 * 1024 * 1024;

/** A listening server. Disposing it closes every connection. */
export interface RehearsalServer extends AsyncDisposable {
  /** Base URL without `/v1`, ready for `ANTHROPIC_BASE_URL`. */
  url: string;
}

/** Starts the rehearsal model. Rejects when the port is taken or the app files are missing. */
export async function createRehearsalServer(config: RehearsalConfig): Promise<RehearsalServer> {
  const templates = await loadAppTemplates();
  const server = fastify({ bodyLimit: bodyLimitBytes, forceCloseConnections: true });
  addMessagesApi(server, { templates, delayMs: config.delayMs });
  const url = await server.listen({ port: config.port, host: config.host });
  return { url, [Symbol.asyncDispose]: () => server.close() };
}
