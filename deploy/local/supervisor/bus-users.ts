import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a bus user may say and hear: exact subjects or wildcards. */
export interface BusPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** The permissions of every user, as generated from the services' maps. */
export function readBusPermissions(): Record<string, BusPermissions> {
  const file = join(import.meta.dirname, "..", "generated", "bus-permissions.json");
  return JSON.parse(readFileSync(file, "utf8")) as Record<string, BusPermissions>;
}

/** A user's password: derived from the one bus secret of this installation, so that only that one is kept. */
export function toBusPassword(secret: string, user: string): string {
  return createHmac("sha256", secret).update(user).digest("base64url");
}

/** The `authorization` part of the broker's configuration. */
export function toAuthorization(permissions: Record<string, BusPermissions>, secret: string): string {
  const users = Object.entries(permissions).map(([user, allowed]) => {
    const rules = {
      publish: { allow: allowed.publish },
      subscribe: { allow: allowed.subscribe },
      allow_responses: { max: 10_000, expires: "5m" },
    };
    return `    { user: ${JSON.stringify(user)}, password: ${JSON.stringify(toBusPassword(secret, user))}, permissions: ${JSON.stringify(rules)} }`;
  });
  return `authorization {\n  users: [\n${users.join(",\n")}\n  ]\n}\n`;
}
