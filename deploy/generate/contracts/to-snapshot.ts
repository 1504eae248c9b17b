import { allContracts } from "@matrix-os/contracts/all";
import type { Contract } from "@matrix-os/contracts/define";
import { z } from "zod";

/** A JSON schema (draft 7), as far as it is read here. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** What a message promises to the other side, without its code. */
export interface ContractSnapshot {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  /** `request` and `reply`, or `body`; empty for a stream of bytes. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

/** The snapshots of all messages. */
export function toSnapshots(): ContractSnapshot[] {
  return allContracts.map(toSnapshot);
}

/** The snapshot of a message as it is committed. */
export function toSnapshot(contract: Contract): ContractSnapshot {
  return {
    id: contract.id,
    kind: contract.kind,
    subject: contract.kind === "request" ? contract.subject : contract.anyKey,
    schemas: toSchemas(contract),
  };
}

/** The schemas of a message's parts. */
export function toSchemas(contract: Contract): Record<string, JsonSchema> {
  if (contract.kind === "stream") return {};
  if (contract.kind === "request") return { request: toSchema(contract.request), reply: toSchema(contract.reply) };
  return { body: toSchema(contract.body) };
}

/**
 * A schema as JSON schema: what the parser at the border accepts (zod's `input` side), for requests, replies and bodies alike: this is what crosses
 * the border. Defaults are optional there, unknown keys are allowed, and refinements in code are not seen.
 */
export function toSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", target: "draft-7", unrepresentable: "any" });
  return rest;
}
