import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type FakeGateway, sendJson, sendProblem, startFakeGateway } from "./fake-gateway.ts";
import { runCli } from "./run-cli.ts";

type Response = Parameters<typeof sendJson>[0];

const status = {
  version: "0.1.0",
  model: "claude",
  provider: "anthropic",
  rehearsal: false,
  problems: [],
  services: { file: "up", kernel: "up" },
  bus: "up",
  spentTodayUsd: 0,
  dayBudgetUsd: 10,
  uptimeSeconds: 5,
};

function beWell(gateway: FakeGateway, changes: object = {}): void {
  gateway.on("GET /healthz", (response: Response) => response.end("ok"));
  gateway.on("GET /readyz", { ready: true, missing: [] });
  gateway.on("GET /api/v1/status", { ...status, ...changes });
  gateway.on("GET /api/v1/activity/verify", { lines: 3, days: 1, checkedAt: "2026-11-24T12:00:00.000Z" });
}

async function createState(mode: number): Promise<string> {
  const state = await mkdtemp(join(tmpdir(), "matrixos-state-"));
  const file = join(state, "owner.token");
  await writeFile(file, "secret\n");
  await chmod(file, mode);
  return state;
}

async function examine(url: string, env: Record<string, string> = {}) {
  const ran = await runCli(["doctor", "--json"], { url, env });
  const { ok, findings } = JSON.parse(ran.stdout) as {
    ok: boolean;
    findings: { check: string; level: string; sentence: string; remedy?: string }[];
  };
  return { code: ran.code, ok, findings, find: (check: string) => findings.find((finding) => finding.check === check) };
}

test("a healthy system: every check ok, exit code 0", async () => {
  await using gateway = await startFakeGateway();
  beWell(gateway);
  const MATRIX_STATE = await createState(0o600);
  const { code, ok, findings } = await examine(gateway.url, { MATRIX_TOKEN: "", MATRIX_STATE });
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  expect(findings.filter(({ level, check }) => level !== "ok" && !check.startsWith("disk"))).toEqual([]);
  expect(findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining([
      "node",
      "token",
      "gateway",
      "ready",
      "clock",
      "services",
      "model",
      "version",
      "config",
      "disk (state)",
    ]),
  );
  expect(gateway.received.at(-1)?.headers.authorization).toBe("Bearer secret");
});

test("nothing runs: it fails and says how to start", async () => {
  const { code, find } = await examine("http://127.0.0.1:9", { MATRIX_TOKEN: "", MATRIX_STATE: "/nowhere" });
  expect(code).toBe(1);
  expect(find("token")).toMatchObject({ level: "fail", sentence: "There is no token at /nowhere/owner.token." });
  expect(find("gateway")).toMatchObject({ level: "fail", remedy: expect.stringContaining("make start") });
});

test("each thing that is wrong has its finding and its remedy", async () => {
  await using gateway = await startFakeGateway();
  beWell(gateway, {
    version: "9.9.9",
    rehearsal: true,
    provider: "rehearsal",
    problems: ["system/config.json: modle is not known"],
    services: { file: "up", kernel: "down" },
    spentTodayUsd: 9,
  });
  gateway.on("GET /api/v1/activity/verify", {
    lines: 3,
    days: 1,
    checkedAt: "2026-11-24T12:00:00.000Z",
    broken: { day: "2026-11-24", line: 2, reason: "does not go on from the line before" },
  });
  gateway.on("GET /readyz", (response: Response) => sendJson(response, { ready: false, missing: ["kernel"] }, 503));
  gateway.on("GET /api/v1/files/system/config.json", (response: Response) => response.end('{"modle":1}'));
  const MATRIX_STATE = await createState(0o644);
  const { code, findings, find } = await examine(gateway.url, { MATRIX_TOKEN: "", MATRIX_STATE });
  expect(code).toBe(1);
  expect(find("token")).toMatchObject({ level: "fail", remedy: `chmod 600 ${MATRIX_STATE}/owner.token` });
  expect(find("activity")).toMatchObject({ level: "fail", sentence: expect.stringContaining("2026-11-24 line 2") });
  expect(find("ready")).toMatchObject({ level: "fail", sentence: "Not ready yet, missing: kernel." });
  expect(find("services")).toMatchObject({ level: "fail", sentence: "Down: kernel." });
  expect(find("model")).toMatchObject({ level: "warn", remedy: expect.stringContaining("ANTHROPIC_API_KEY") });
  expect(find("budget")).toMatchObject({ level: "warn" });
  expect(find("problem")).toMatchObject({ level: "warn", sentence: "system/config.json: modle is not known" });
  expect(find("config")).toMatchObject({ level: "fail", sentence: expect.stringContaining("modle") });
  expect(find("version")).toMatchObject({ level: "warn", sentence: "The gateway is 9.9.9, matrixos is 0.1.0." });
  expect(findings.filter(({ level, remedy }) => level !== "ok" && remedy === undefined)).toEqual([]);
});

test("a refused token and another program at the port are told apart", async () => {
  await using gateway = await startFakeGateway();
  gateway.on("GET /healthz", (response: Response) => response.end("hello"));
  gateway.on("GET /readyz", (response: Response) => response.end("hello"));
  gateway.on("GET /api/v1/status", (response: Response) =>
    sendProblem(response, 401, { code: "unauthorized", detail: "no" }),
  );
  const { find } = await examine(gateway.url);
  expect(find("status")).toMatchObject({ level: "fail", sentence: "The gateway does not accept the token." });
  expect(find("ready")?.sentence).toContain("is not Matrix OS");
});

test("people get one line a check, the remedy below it, and the sum", async () => {
  await using gateway = await startFakeGateway();
  beWell(gateway, { rehearsal: true, provider: "rehearsal" });
  const { code, stdout } = await runCli(["doctor"], { url: gateway.url });
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^warn model {8}No model thinks here.*\n {18}→ Put a key into the vault with matrixos secret set ANTHROPIC_API_KEY/m,
  );
  expect(stdout).toMatch(/\nIt works; \d things? deserves? a look\.\n$|\nIt works; 1 thing deserves a look\.\n$/);
});
