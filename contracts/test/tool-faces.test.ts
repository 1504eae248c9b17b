import { describe, expect, test } from "vitest";
import { z } from "zod";
import { allContracts } from "../src/all.ts";
import type { RequestContract, ToolFace } from "../src/define.ts";
import { toolContracts } from "../src/tools.ts";

interface Tool {
  readonly contract: RequestContract;
  readonly face: ToolFace<unknown, unknown>;
  readonly name: string;
}

const tools = toolContracts.flatMap((contract): Tool[] =>
  contract.tool === undefined ? [] : [{ contract, face: contract.tool, name: contract.tool.name }],
);
const origin = { actor: "kernel", session: "s_1", turn: "t_1", call: "c_1" };

/** The example request, as far as the tool's input takes it. */
function toInput({ contract, face }: Tool): unknown {
  const keys = Object.keys((face.input as z.ZodObject).shape);
  const request = contract.example.request as Record<string, unknown>;
  return Object.fromEntries(keys.flatMap((key) => (request[key] === undefined ? [] : [[key, request[key]]])));
}

describe("the tools", () => {
  test("are every request with a tool face, each once", () => {
    const withFace = allContracts.filter((contract) => contract.kind === "request" && contract.tool !== undefined);
    expect(tools.length).toBeGreaterThanOrEqual(9);
    expect(toolContracts.map(({ id }) => id).toSorted()).toEqual(withFace.map(({ id }) => id).toSorted());
  });

  test("have names of their own that the Messages API accepts", () => {
    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
    for (const { name } of tools) expect(name).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
  });

  test.each(tools)("$name: its input is a JSON schema object", ({ face }) => {
    const schema = z.toJSONSchema(face.input, { io: "input" });
    expect(schema.type).toBe("object");
    expect(Object.keys(schema.properties ?? {}).length).toBeGreaterThan(0);
    expect(JSON.stringify(schema)).not.toContain("$ref");
  });

  test.each(tools)("$name: its description is a sentence", ({ face }) => {
    expect(face.description).toMatch(/^[A-Z].{20,600}\.$/s);
  });

  test.each(tools)("$name: checked arguments become a request that fits, with the origin", (tool) => {
    const request = tool.face.toRequest(toInput(tool), origin) as Record<string, unknown>;
    expect(tool.contract.request.safeParse(request).error?.issues ?? []).toEqual([]);
    if ("origin" in request) expect(request["origin"]).toEqual(origin);
  });

  test.each(tools)("$name: wrong arguments are refused before the request is made", ({ face }) => {
    expect(() => face.toRequest("no object", origin)).toThrow(z.ZodError);
  });

  test.each(tools)("$name: the reply in words for the model", ({ contract, face }) => {
    const text = face.toText(contract.example.reply);
    expect(text.length).toBeGreaterThan(0);
    expect(text).not.toMatch(/undefined|\[object Object\]|NaN/);
  });

  test.each(tools)("$name: its label is one short line, empty for wrong arguments", (tool) => {
    const label = tool.face.toLabel(toInput(tool));
    expect(label).not.toMatch(/undefined|\[object Object\]|\n/);
    expect(label.length).toBeLessThanOrEqual(200);
    expect(tool.face.toLabel("no object")).toBe("");
  });
});
