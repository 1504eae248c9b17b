import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { allContracts } from "@matrix-os/contracts/all";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { services } from "../../services.ts";
import { toAsyncApi } from "./asyncapi.ts";
import type { JsonSchema } from "./to-snapshot.ts";

const require = createRequire(import.meta.url);
const document = toAsyncApi(allContracts, services) as Record<string, Record<string, Record<string, unknown>>>;

describe("the AsyncAPI document", () => {
  test("fits the official schema of AsyncAPI 3.0", () => {
    const official = readFileSync(require.resolve("@asyncapi/specs/schemas/3.0.0.json"), "utf8");
    // It brings its own copy of the draft 7 meta schema.
    const ajv = new Ajv({ strict: false, meta: false, validateSchema: false });
    formats.default(ajv);
    const validate = ajv.compile(JSON.parse(official) as JsonSchema);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
  });

  test("every reference leads somewhere", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(references.length).toBeGreaterThan(allContracts.length * 3);
    expect(references.filter((reference) => resolve(reference) === undefined)).toEqual([]);
  });

  test("has a channel, a message and a sender or receiver for every contract", () => {
    const operations = Object.values(document["operations"] ?? {}).map(({ channel }) => JSON.stringify(channel));
    for (const { id } of allContracts) {
      expect(document["channels"]).toHaveProperty([id]);
      expect(document["components"]?.["messages"]).toHaveProperty([id]);
      expect(operations).toContain(JSON.stringify({ $ref: `#/channels/${id}` }));
    }
  });
});

function resolve(reference: string): unknown {
  return reference
    .split("/")
    .reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], document);
}
