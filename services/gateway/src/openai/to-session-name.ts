import { createHash } from "node:crypto";
import { token } from "@matrix-os/contracts/values";

/** The session that a client's own name stands for: the name itself where it can be one, else one made from its hash. */
export function toSessionName(name: string): string {
  if (token.safeParse(name).success) return name;
  return `u_${createHash("sha256").update(name).digest("base64url").slice(0, 32)}`;
}
