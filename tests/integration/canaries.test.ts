import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { refused, text, toolUse } from "@matrix-os/testkit/messages/answers";
import { type MessagesServer, startMessagesServer } from "@matrix-os/testkit/start-messages-server";
import type { TestSystem } from "@matrix-os/testkit/start-system";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEnvironPlaces, readFilePlaces, readHistoryPlaces } from "./parts/canary-places.ts";
import { type Canary, type Place, findLeaks, findPlaces, toForms } from "./parts/canary-search.ts";
import { runMatrixos, runProgram } from "./parts/run-program.ts";
import { mode, startHere } from "./parts/start-here.ts";
import { spyOnBus } from "./parts/spy-on-bus.ts";

/** A whole day's work on a machine that may be busy. */
const BUSTLE_MS = 300_000;
const MARKER = "marker-of-the-busy-session";
const make = (name: string) => `canary.${name}+${randomBytes(18).toString("base64")}`;

const vault = { WEATHER_TOKEN: make("weather"), MAIL_PASSWORD: make("mail"), GIT_TOKEN: make("git") };
const modelKey = make("model");
const environment = { ANTHROPIC_API_KEY: make("env-key"), CLOUD_PASSWORD: make("env-cloud") };
const appData = { bank: make("bank"), diary: make("diary") };

const folder = tempFolder("canaries");
const home = join(folder.path, "home");
const state = join(folder.path, "state");
const heard: Place[] = [];
const answers: Place[] = [];
const told = { loginCode: "", cookie: "" };
let model: MessagesServer;
let system: TestSystem;

const planted = `weather ${vault.WEATHER_TOKEN}\nmail ${Buffer.from(`user:${vault.MAIL_PASSWORD}`).toString("base64")}\n`;

beforeAll(async () => {
  for (const [app, value] of Object.entries(appData)) {
    mkdirSync(join(home, "data", app), { recursive: true });
    writeFileSync(join(home, "data", app, "private.json"), JSON.stringify({ value }));
  }
  model = await startMessagesServer();
  system = await startHere({
    home,
    state,
    env: { ANTHROPIC_BASE_URL: model.url, MATRIX_MODEL_ATTEMPTS: "2", ...environment },
  });
  for (const [name, value] of Object.entries({ ...vault, ANTHROPIC_API_KEY: modelKey })) await putSecret(name, value);
  await bustle();
}, BUSTLE_MS);
afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

async function putSecret(name: string, value: string): Promise<void> {
  await ask(`/api/v1/secrets/${name}`, {
    method: "PUT",
    body: JSON.stringify({ value }),
    headers: { "content-type": "application/json" },
  });
}

/** Asks the gateway and keeps the answer, head and body, as a place to search. */
async function ask(path: string, init: RequestInit = {}): Promise<string> {
  const response = await system.fetch(path, { redirect: "manual", ...init });
  const head = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  const body = await response.text();
  answers.push({ where: `answer to ${path.split("?")[0]}`, bytes: Buffer.from(`${head}\n${body}`) });
  return `${head}\n${body}`;
}

/** Everything that an owner does in a day, with mishaps. */
async function bustle(): Promise<void> {
  const first = await spyOnBus(system, heard);
  writeFileSync(join(home, "leak.md"), planted);
  await logIn();
  const { session, turn } = await readEverything();
  await failWithTheKey();
  await lookAround(session, turn);
  await first[Symbol.asyncDispose]();
  await system.killAll();
  await system.restart();
  const second = await spyOnBus(system, heard);
  await readEverything();
  await lookAround(session, turn);
  await second[Symbol.asyncDispose]();
}

async function logIn(): Promise<void> {
  const link = /"url":"[^"]*(\/login\?code=([^"]+))"/.exec(await ask("/api/v1/links", { method: "POST" }));
  told.loginCode = link?.[2] ?? "";
  const answer = await ask(link?.[1] ?? "", { headers: { authorization: "" } });
  told.cookie = /set-cookie: [^=]+=([^;]+)/.exec(answer)?.[1] ?? "";
}

async function readEverything(): Promise<{ session: string; turn: string }> {
  model.play([
    toolUse(
      { name: "read_file", input: { path: "leak.md" } },
      { name: "search_files", input: { query: "weather" } },
      { name: "list_files", input: { path: "" } },
      { name: "read_file", input: { path: "not/there.md" } },
      { name: "read_file", input: { path: "../state/owner.token" } },
    ),
    toolUse({ name: "write_file", input: { path: "made.md", content: `${MARKER} made` } }),
    toolUse({ name: "edit_file", input: { path: "leak.md", replacements: [{ old: "weather", new: "sun" }] } }),
    text(`${MARKER} done`),
  ]);
  const { session, turn, answer } = await system.send(`${MARKER} please read it`);
  expect(answer.status).toBe("done");
  await ask("/api/v1/undo", { method: "POST" });
  await ask("/api/v1/redo", { method: "POST" });
  return { session, turn };
}

/** A server whose errors quote what it was given. */
async function failWithTheKey(): Promise<void> {
  for (const answer of [
    refused(401, "authentication_error", `invalid x-api-key ${modelKey}`),
    refused(529, "overloaded_error", `busy; you sent Authorization: Bearer ${modelKey}`),
  ]) {
    model.play([answer]);
    expect((await system.send("will fail")).answer.status).toBe("failed");
  }
}

async function lookAround(session: string, turn: string): Promise<void> {
  const paths = [
    "history",
    "activity?limit=500",
    "logs?limit=1000",
    "status",
    "secrets",
    "devices",
    "sessions",
    `sessions/${session}`,
  ];
  for (const path of paths) await ask(`/api/v1/${path}`);
  for (const path of ["/metrics", "/api/v1/openapi.json", "/api/v1/nowhere", "/api/v1/secrets/NOT_THERE"])
    await ask(path, { method: path.endsWith("THERE") ? "DELETE" : "GET" });
  const ran = [
    await runMatrixos(system, "doctor", "--verbose"),
    await runMatrixos(system, "history"),
    await runMatrixos(system, "secret", "list"),
  ];
  ran.push(
    await runProgram(process.execPath, ["deploy/local/trace.ts", turn], { MATRIX_STATE: state, MATRIX_HOME: home }),
  );
  ran.forEach(({ stdout, stderr }, at) =>
    answers.push({ where: `program ${at}`, bytes: Buffer.from(stdout + stderr) }),
  );
}

function collect(): Place[] {
  return [
    ...readFilePlaces("state", state),
    ...readFilePlaces("home", home).filter(({ where }) => !where.startsWith("home/.matrix/history.git/objects/")),
    ...readHistoryPlaces(system),
    ...readEnvironPlaces(system),
    ...heard,
    ...answers,
    ...model.requests.map(({ body }, at) => ({
      where: `model request ${at}`,
      bytes: Buffer.from(JSON.stringify(body)),
    })),
    { where: "output of the start", bytes: Buffer.from(system.output()) },
  ];
}

const isStart = ({ where }: Place) => where.startsWith("environ of") && where.includes("start.ts");
const isKernel = ({ where }: Place) =>
  where.startsWith("environ of") && where.includes(mode === "merged" ? "core.ts" : "services/kernel/");
/** The file that the owner wrote, where it stands and when it is read as a whole by who may read the home. */
const isLeakFile = ({ where, bytes }: Place) =>
  where === "home/leak.md" ||
  (where.startsWith("bus _INBOX_") && bytes.includes('"content":') && bytes.includes("mail "));
/** A search answers lines of that file, to its asker alone. */
const isLeakLine = ({ where, bytes }: Place) => where.startsWith("bus _INBOX_") && bytes.includes('"path":"leak.md"');

function toCanaries(): Canary[] {
  const token = readFileSync(join(state, "owner.token"), "utf8").trim();
  const busSecret = readFileSync(join(state, "bus.secret"), "utf8").trim();
  const nowhere = () => false;
  const isLeak = (place: Place) => isLeakFile(place) || isLeakLine(place);
  return [
    { name: "vault WEATHER_TOKEN", value: vault.WEATHER_TOKEN, isAllowed: isLeak },
    { name: "vault MAIL_PASSWORD", value: vault.MAIL_PASSWORD, isAllowed: isLeak },
    { name: "vault GIT_TOKEN", value: vault.GIT_TOKEN, isAllowed: nowhere },
    {
      name: "environment's key",
      value: environment.ANTHROPIC_API_KEY,
      isAllowed: (place) => isStart(place) || isKernel(place),
    },
    { name: "environment, unlisted", value: environment.CLOUD_PASSWORD, isAllowed: isStart },
    { name: "owner token", value: token, isAllowed: ({ where }) => where === "state/owner.token" },
    { name: "bus secret", value: busSecret, isAllowed: ({ where }) => where === "state/bus.secret" },
    ...Object.entries(appData).map(([app, value]) => ({
      name: `data of ${app}`,
      value,
      isAllowed: ({ where, bytes }: Place) =>
        where === `home/data/${app}/private.json` ||
        (where.startsWith("git blob") && bytes.toString() === JSON.stringify({ value })),
    })),
    {
      name: "model key",
      value: modelKey,
      isAllowed: ({ where, bytes }) =>
        where.startsWith("bus _INBOX_") && bytes.toString().endsWith(`\n{"value":"${modelKey}"}`),
    },
    { name: "login link", value: told.loginCode, isAllowed: ({ where }) => where === "answer to /api/v1/links" },
    { name: "device cookie", value: told.cookie, isAllowed: ({ where }) => where === "answer to /login" },
  ];
}

test("twelve canaries are planted, and the search finds each of them in every form", () => {
  const canaries = toCanaries();
  expect(canaries).toHaveLength(12);
  for (const { name, value } of canaries) {
    expect(value.length, name).toBeGreaterThanOrEqual(16);
    for (const [form, hidden] of toForms(value)) {
      const place = { where: "control", bytes: Buffer.from(`before ${hidden} behind`) };
      const found = findLeaks([{ name, value, isAllowed: () => false }], [place]);
      expect(found, `${name} ${form}`).toContain(`${name} (${form}) in control`);
    }
    for (const before of ["", "a", "bc"]) {
      const coded = Buffer.from(`${before}${value} and more`).toString("base64");
      expect(
        findLeaks([{ name, value, isAllowed: () => false }], [{ where: "control", bytes: Buffer.from(coded) }]),
      ).not.toEqual([]);
    }
  }
});

test("what was searched is what happened: each kind of place holds the session's marker or its plant", () => {
  const places = collect();
  const marked = findPlaces(MARKER, places);
  for (const kind of [
    "home/made.md",
    "home/system/sessions/",
    "home/system/inbox/",
    "git blob",
    "bus ",
    "answer to ",
    "model request",
  ])
    expect(
      marked.some((where) => where.startsWith(kind)),
      kind,
    ).toBe(true);
  const plants = toCanaries().flatMap(({ value }) => findPlaces(value, places));
  for (const place of [
    "home/leak.md",
    "state/owner.token",
    "state/bus.secret",
    "home/data/bank/private.json",
    "answer to /login",
  ])
    expect(plants, place).toContain(place);
  expect(
    findPlaces("message handled", places).filter((where) => where.startsWith("state/logs/")).length,
  ).toBeGreaterThan(1);
  expect(findPlaces("[secret WEATHER_TOKEN]", places).some((where) => where.startsWith("model request"))).toBe(true);
  expect(
    findPlaces("[secret ANTHROPIC_API_KEY]", places).some((where) => where.startsWith("home/system/sessions/")),
  ).toBe(true);
});

test("no canary is anywhere but where it was planted and with the services that may have it", () => {
  expect(findLeaks(toCanaries(), collect())).toEqual([]);
});
