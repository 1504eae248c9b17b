import { globSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { allContracts } from "../src/all.ts";
import type { Contract } from "../src/define.ts";

const sourceFolder = resolve(import.meta.dirname, "../src");
const kinds = ["request", "event", "command", "control", "draft", "stream"];
const files = globSync(`*/*.{${kinds.join(",")}}.ts`, { cwd: sourceFolder }).toSorted();

/** `file/write.request.ts` → `file.request.write`. */
function toId(path: string): string {
  const [domain, file = ""] = path.split("/");
  const [name, kind] = file.split(".");
  return `${domain}.${kind}.${name}`;
}

function isContract(value: unknown): value is Contract {
  return typeof value === "object" && value !== null && "id" in value && "kind" in value && "subject" in value;
}

describe("the contract files", () => {
  test("are found", () => {
    expect(files.length).toBeGreaterThanOrEqual(38);
  });

  test.each(files)("%s holds one contract, whose id is its path", async (path) => {
    const exported: unknown = await import(join(sourceFolder, path));
    const contracts = Object.values(exported as Record<string, unknown>).filter(isContract);
    expect(contracts.map(({ id, kind }) => ({ id, kind }))).toEqual([
      { id: toId(path), kind: toId(path).split(".")[1] },
    ]);
  });

  test("are all in all.ts, once, and nothing else is", () => {
    expect(allContracts.map(({ id }) => id).toSorted()).toEqual(files.map(toId).toSorted());
  });
});

describe("the subjects", () => {
  test("follow from the id", () => {
    for (const contract of allContracts) {
      if (contract.kind === "request") expect(contract.subject).toBe(`mx.${contract.id}`);
      else expect(contract.subject("k-1")).toBe(`mx.${contract.id}.k-1`);
    }
  });

  test("are each used once", () => {
    const subjects = allContracts.map((contract) => (contract.kind === "request" ? contract.subject : contract.anyKey));
    expect(new Set(subjects).size).toBe(allContracts.length);
  });

  test.each(["a.b", "a b", "*", ">", "", "ü", "x".repeat(81), "a\r\nPUB b"])(
    "no key may change their meaning: %j",
    (key) => {
      const keyed = allContracts.filter((contract) => contract.kind !== "request");
      expect(keyed.length).toBeGreaterThan(5);
      for (const { subject } of keyed) expect(() => subject(key)).toThrow(TypeError);
    },
  );
});
