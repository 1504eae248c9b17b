import { toolContracts } from "@matrix-os/contracts/tools";
import { bridgeRequest } from "@matrix-os/contracts/app/bridge";
import { clientFrame } from "@matrix-os/contracts/shell/frame";
import { scopes } from "@matrix-os/contracts/api/tokens";
import { fastify } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Access, bridgeAccess, frameAccess, routeAccess, toolAccess } from "../src/auth/access-table.ts";
import { addGuard } from "../src/http/guard.ts";
import type { HttpDeps } from "../src/http/http-deps.ts";
import { type Identity, type Standing, createIdentities } from "./parts/identities.ts";
import { type Answer, knock } from "./parts/knock.ts";
import { type Sample, samples } from "./parts/sample-requests.ts";
import { type Stage, startStage } from "./parts/start-gateway.ts";

let stage: Stage;
let identities: Identity[];
let cells = 0;

beforeAll(async () => {
  stage = await startStage({ MATRIX_FAILED_LOGINS: "100000", MATRIX_STRANGER_REQUESTS: "100000000" });
  stage.system.sessions.send("main", "hello");
  stage.system.files.put("a.txt", "a");
  stage.system.files.put("data/water/a.txt", "a");
  stage.system.files.put("apps/water/app.json", JSON.stringify({ name: "Water" }));
  stage.system.files.put("apps/water/index.html", "<p>water</p>");
  identities = await createIdentities(stage);
});
afterAll(() => stage[Symbol.asyncDispose]());

const rows = Object.entries(routeAccess).filter(([, access]) => access !== "app-address");
const appRows = Object.entries(routeAccess).filter(([, access]) => access === "app-address");

describe.each(rows)("%s", (row, access) => {
  const [method = ""] = row.split(" ");
  const sample = samples[row];

  test("lets in whom the table names, and answers the others all alike", async () => {
    if (sample === undefined) throw new Error(`test/parts/sample-requests.ts has no request for ${row}`);
    const seen: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    for (const identity of identities) {
      const answer = await ask(identity, method, sample);
      cells += 1;
      seen[identity.name] = describeAnswer(answer, method);
      wanted[identity.name] = describeCell({ row, method, access, sample }, identity.standing);
    }
    expect(seen).toEqual(wanted);
  });
});

async function ask(identity: Identity, method: string, sample: Sample): Promise<Answer> {
  const url = new URL(sample.path, stage.url);
  url.search = (await identity.query?.()) ?? "";
  return await knock(url, { method, headers: await identity.headers(), json: sample.json });
}

/** A refusal is told by its status, its code and the fields of its body; what a route answers by its status. */
function describeAnswer({ status, type, body }: Answer, method: string): string {
  if (status !== 401 && status !== 403) return String(status);
  if (method === "HEAD") return String(status);
  if (type.startsWith("text/html")) return `${status} page`;
  const parsed = JSON.parse(body) as { error?: Record<string, unknown> } & Record<string, unknown>;
  const problem = parsed.error ?? parsed;
  const fields = Object.keys(problem).filter((field) => field !== "field" && field !== "param");
  return `${status} ${String(problem["code"])} ${fields.toSorted().join(",")}`;
}

interface Row {
  readonly row: string;
  readonly method: string;
  readonly access: Access;
  readonly sample: Sample;
}

/** What the cell of a row and somebody should hold; told apart from how the guard decides. */
function describeCell({ row, method, access, sample }: Row, standing: Standing): string {
  const refuse = (status: 401 | 403) => {
    if (method === "HEAD") return String(status);
    const code = status === 401 ? "unauthorized" : "denied";
    return `${status} ${code} ${row.includes(" /v1/") ? "code,message,type" : "code,detail,status,title,type"}`;
  };
  const page = (status: number) => (status === 401 && method !== "HEAD" ? "401 page" : String(status));
  const isPage = access === "anyone";
  switch (standing.is) {
    case "foreign":
      return refuse(403);
    case "stranger":
      return isPage ? page(sample.strangerStatus ?? sample.status) : refuse(401);
    case "visitor":
      return isPage ? page(sample.status) : refuse(403);
    case "unproven":
      return method === "GET" || method === "HEAD" ? page(sample.status) : refuse(403);
    case "owner":
      return page(sample.status);
    case "token": {
      const { scope } = standing;
      const isIn = typeof access === "string" ? access !== "owner" : scope === "admin" || access.includes(scope);
      return isIn ? page(sample.status) : refuse(403);
    }
    default:
      return standing satisfies never;
  }
}

describe.each(appRows)("%s", (row) => {
  const [method = ""] = row.split(" ");

  test("is there for an app's address on the apps' host, and for nobody on the shell's", async () => {
    const opened = await stage.ask("/api/v1/apps/water/open", {
      method: "POST",
      headers: await headersOf("the owner's token"),
    });
    const { url } = (await opened.json()) as { url: string };
    const { pathname, host } = new URL(url);
    const at = new URL(pathname, stage.url);
    expect((await knock(at, { method, headers: { host } })).status).toBe(200);
    expect(
      (await knock(new URL(`/a/${"A".repeat(120)}/index.html`, stage.url), { method, headers: { host } })).status,
    ).toBe(404);
    for (const identity of identities) {
      cells += 1;
      const headers = await identity.headers();
      const expected = headers["host"] === undefined ? 404 : 403;
      expect([identity.name, (await knock(at, { method, headers })).status]).toEqual([identity.name, expected]);
    }
  });
});

test("the apps' host has nothing of the shell's, whoever asks", async () => {
  const host = new URL(stage.url).host.replace("127.0.0.1", "localhost");
  const headers = { ...(await headersOf("the owner's token")), host };
  for (const [row] of rows) {
    const { path = "", json } = samples[row] ?? {};
    const [method = ""] = row.split(" ");
    expect([row, (await knock(new URL(path, stage.url), { method, headers, json })).status]).toEqual([row, 404]);
  }
});

test("a route that does not exist is told to callers only", async () => {
  for (const identity of identities) {
    const { status } = await ask(identity, "GET", { path: "/api/v1/nothing-here", status: 404 });
    const isIn = ["owner", "token", "unproven"].includes(identity.standing.is);
    const refused = identity.standing.is === "stranger" ? 401 : 403;
    expect([identity.name, status]).toEqual([identity.name, isIn ? 404 : refused]);
  }
});

test("as many cells were tried as there should be", () => {
  expect(cells).toBe(Object.keys(routeAccess).length * identities.length);
  expect(cells).toBeGreaterThanOrEqual(1_200);
});

async function headersOf(name: string): Promise<Record<string, string>> {
  return (await identities.find((identity) => identity.name === name)?.headers()) ?? {};
}

describe("the table", () => {
  const guardOf = () => {
    const app = fastify();
    addGuard(app, {} as HttpDeps);
    return app;
  };

  test("a route without a row keeps the gateway from starting, a row without a route too", async () => {
    expect(() => guardOf().get("/api/v1/new", async () => "")).toThrow("no row for GET /api/v1/new");
    await expect(guardOf().ready()).rejects.toThrow(/rows without a route: .*POST \/api\/v1\/messages/);
  });

  test("has a row for every frame, every call of an app and every tool", () => {
    expect(Object.keys(frameAccess).toSorted()).toEqual(
      clientFrame.options.map(({ shape }) => shape.type.value).toSorted(),
    );
    expect(Object.keys(bridgeAccess).toSorted()).toEqual(
      bridgeRequest.options.map(({ shape }) => shape.do.value).toSorted(),
    );
    expect(Object.keys(toolAccess).toSorted()).toEqual(toolContracts.map(({ tool }) => tool?.name ?? "").toSorted());
    expect([Object.keys(frameAccess).length, Object.keys(bridgeAccess).length]).toEqual([6, 12]);
    expect(Object.keys(toolAccess).length).toBeGreaterThanOrEqual(9);
  });

  test("apps and tools come in by rows that are there, and none of these is open to an app's address", () => {
    const through = [...Object.values(bridgeAccess), ...Object.values(toolAccess)].filter((row) => row !== "shell");
    expect(through.length).toBeGreaterThanOrEqual(15);
    for (const row of through) expect([row, Array.isArray(routeAccess[row])]).toEqual([row, true]);
  });

  test("anyone gets the pages and the probes, and nothing else", () => {
    const open = Object.entries(routeAccess).filter(([, access]) => access === "anyone");
    expect(open.map(([row]) => row)).toEqual(["GET /", "HEAD /", "GET /login", "GET /healthz", "GET /readyz"]);
  });

  test("a token for reading changes nothing, no token makes or ends what lets somebody in", () => {
    const reading = Object.entries(routeAccess).filter(
      ([, access]) => Array.isArray(access) && access.includes("read"),
    );
    expect(reading.length).toBeGreaterThanOrEqual(10);
    for (const [row] of reading) expect(row).toMatch(/^(GET|HEAD) /);
    const doors = Object.entries(routeAccess).filter(([row]) => /\/(tokens|links|devices)\b/.test(row));
    expect(doors.length).toBe(8);
    expect(new Set(doors.map(([, access]) => access))).toEqual(new Set(["owner"]));
    expect(frameAccess.send).toEqual(["messages"]);
    expect(scopes.length).toBe(5);
  });
});
