import { listSecretsRoute, removeSecretRoute, setSecretRoute } from "@matrix-os/contracts/api/secrets";
import { fromZodError } from "@matrix-os/contracts/errors";
import { listSecretsRequest } from "@matrix-os/contracts/vault/list-secrets.request";
import { removeSecretRequest } from "@matrix-os/contracts/vault/remove-secret.request";
import { secretName } from "@matrix-os/contracts/vault/secret";
import { setSecretRequest } from "@matrix-os/contracts/vault/set-secret.request";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { HttpDeps } from "./http-deps.ts";
import { serveRoute } from "./serve-route.ts";

const named = z.object({ name: secretName });

/** Serves the vault's names and takes new values; no route ever answers a value. */
export function addSecretRoutes(app: FastifyInstance, deps: HttpDeps): void {
  serveRoute(app, listSecretsRoute, async () => deps.bus.request(listSecretsRequest, {}));
  serveRoute(app, setSecretRoute, async ({ params, body }) =>
    deps.bus.request(setSecretRequest, { ...toNamed(params), ...body }),
  );
  serveRoute(
    app,
    removeSecretRoute,
    async ({ params }) => deps.bus.request(removeSecretRequest, toNamed(params)) as Promise<never>,
  );
}

function toNamed(params: Readonly<Record<string, string>>): z.infer<typeof named> {
  const parsed = named.safeParse(params);
  if (parsed.success) return parsed.data;
  throw fromZodError(parsed.error);
}
