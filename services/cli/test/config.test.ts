import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { type FakeGateway, type Received, sendJson, sendProblem, startFakeGateway } from "./fake-gateway.ts";
import { runCli } from "./run-cli.ts";

type Response = Parameters<typeof sendJson>[0];

/** Keeps one config file as the files API does: ETag, If-Match, If-None-Match. */
function keepConfig(gateway: FakeGateway, first?: string): { text: string | undefined } {
  const kept = { text: first };
  const hash = (): string =>
    createHash("sha256")
      .update(kept.text ?? "")
      .digest("hex");
  const route = "/api/v1/files/system/config.json";
  gateway.on(`GET ${route}`, (response: Response) => {
    if (kept.text === undefined) return sendProblem(response, 404, { code: "not-found", detail: "no such file" });
    response.writeHead(200, { etag: `"${hash()}"` }).end(kept.text);
  });
  gateway.on(`PUT ${route}`, (response: Response, { headers, body }: Received) => {
    const fits = kept.text === undefined ? headers["if-none-match"] === "*" : headers["if-match"] === `"${hash()}"`;
    if (!fits) return sendProblem(response, 412, { code: "conflict", detail: "it changed since it was read" });
    kept.text = body;
    sendJson(response, {
      path: "system/config.json",
      hash: hash(),
      sizeBytes: body.length,
      created: false,
      change: "c",
      seq: 1,
    });
  });
  return kept;
}

test("defaults are shown while there is no file; set makes it, get reads it, unset takes it back", async () => {
  await using gateway = await startFakeGateway();
  const kept = keepConfig(gateway);
  const run = (...words: string[]) => runCli(["config", ...words], { url: gateway.url });
  expect(JSON.parse((await run()).stdout).budgets).toMatchObject({ turnUsd: 2, dayUsd: 10, steps: 50 });
  expect((await run("set", "budgets.dayUsd", "5")).stdout).toBe("budgets.dayUsd = 5\n");
  expect(kept.text).toBe('{\n  "budgets": {\n    "dayUsd": 5\n  }\n}\n');
  await run("set", "model", "claude-sonnet-4.5");
  await run("set", "prices.claude-4.5.inputPerMTok", "3").then(({ code }) => expect(code).toBe(1));
  await run("set", "prices.claude-4.5", '{"inputPerMTok":3,"outputPerMTok":15}');
  expect(JSON.parse(kept.text ?? "").prices["claude-4.5"]).toEqual({ inputPerMTok: 3, outputPerMTok: 15 });
  expect((await run("get", "model")).stdout).toBe("claude-sonnet-4.5\n");
  expect(JSON.parse((await run("get", "budgets.dayUsd", "--json")).stdout)).toEqual({
    key: "budgets.dayUsd",
    value: 5,
  });
  expect((await run("unset", "model")).stdout).toBe("model is not set now\n");
  expect(kept.text).not.toContain("sonnet");
});

test("a value that does not fit and a key that is not there are refused by name, nothing is written", async () => {
  await using gateway = await startFakeGateway();
  const kept = keepConfig(gateway, '{"model":"m"}');
  const run = (...words: string[]) => runCli(["config", ...words], { url: gateway.url });
  expect(await run("set", "budgets.dayUsd", "much")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("budgets.dayUsd: "),
  });
  expect((await run("set", "budgets.colour", "1")).stderr).toContain(
    "budgets.colour: There is no setting of this name.",
  );
  const json = await run("set", "nonsense", "1", "--json");
  expect(JSON.parse(json.stderr)).toMatchObject({ code: "invalid", field: "nonsense" });
  expect(kept.text).toBe('{"model":"m"}');
});

test("a broken file is told by check and never overwritten", async () => {
  await using gateway = await startFakeGateway();
  const kept = keepConfig(gateway, '{"model": ');
  const run = (...words: string[]) => runCli(["config", ...words], { url: gateway.url });
  expect(await run("check")).toMatchObject({ code: 1, stdout: expect.stringContaining("It is not valid JSON") });
  expect(await run("set", "model", "m")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("system/config.json can't be used"),
  });
  kept.text = '{"modle":"m","budgets":{"steps":0}}';
  const { faults } = JSON.parse((await run("check", "--json")).stdout) as { faults: { field: string }[] };
  expect(faults.map(({ field }) => field).toSorted()).toEqual(["budgets.steps", "modle"]);
});

test("path works without a gateway", async () => {
  const { stdout } = await runCli(["config", "path"], { env: { MATRIX_HOME: "/home/me/os" } });
  expect(stdout).toBe("/home/me/os/system/config.json\n");
});
