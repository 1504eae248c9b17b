import type { Redactor } from "@matrix-os/redaction/redactor";
import type { Env } from "./env.ts";

const SECRET_NAME = /(?:_KEY|_PASSWORD|_TOKEN|_SECRET)$/;

/** Notes every secret that stands in the environment, told by its name; a path to a file of secrets is none itself. */
export function learnFromEnv(redactor: Pick<Redactor, "learn">, env: Env): void {
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && SECRET_NAME.test(name) && !value.startsWith("/")) redactor.learn(name, value);
  }
}
