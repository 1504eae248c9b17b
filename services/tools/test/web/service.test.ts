import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { type IncomingMessage, type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Bus, connectBus } from "@matrix-os/bus";
import { subscribeAnswer } from "@matrix-os/bus/answer";
import { createEndpointStats } from "@matrix-os/bus/micro";
import type { RequestContract } from "@matrix-os/contracts/define";
import { rejected } from "@matrix-os/contracts/errors";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { type Activity, recordActivityRequest } from "@matrix-os/contracts/file/record-activity.request";
import { fetchPageRequest } from "@matrix-os/contracts/tools/fetch-page.request";
import { searchWebRequest } from "@matrix-os/contracts/tools/search-web.request";
import { readSearchKeyRequest } from "@matrix-os/contracts/vault/read-search-key.request";
import { startProcess } from "@matrix-os/runtime/run-services";
import { eventually } from "@matrix-os/testkit/eventually";
import { startBroker } from "@matrix-os/testkit/start-broker";
import { tempFolder } from "@matrix-os/testkit/temp-folder";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { toolsService } from "../../src/service.ts";
import { article } from "./pages.ts";

const origin = { actor: "kernel", session: "s_1", turn: "t_1" };

let stack: AsyncDisposableStack;
let bus: Bus;
let state: string;
let brokerUrl: string;
let server: Server;
let place: string;
let asked: IncomingMessage[];
let activities: Activity[];
let key: string | undefined;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  state = join(stack.use(tempFolder("web")).path, "state");
  mkdirSync(state, { mode: 0o700 });
  const broker = stack.use(await startBroker());
  brokerUrl = broker.url;
  bus = stack.use(await connectBus("file", { url: broker.url, user: undefined, password: undefined }));
  server = createServer((request, answer) => {
    asked.push(request);
    if (request.url?.startsWith("/article") === true) answer.setHeader("content-type", "text/html").end(article);
    else if (request.url === "/pdf") answer.setHeader("content-type", "application/pdf").end("%PDF");
    else if (request.url?.startsWith("/limited") === true) answer.writeHead(429).end();
    else if (request.url === "/long") answer.setHeader("content-type", "text/plain").end("0123456789\n".repeat(8_000));
    else answer.setHeader("content-type", "application/json").end(JSON.stringify(searchAnswer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => void server.close());
  place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  answer(readRequest, async () => {
    throw rejected("not-found", "no policy");
  });
  answer(readSearchKeyRequest, async () => (key === undefined ? {} : { value: key }));
  answer(recordActivityRequest, async ({ activity }) => ({ line: activities.push(activity) }));
});

beforeEach(() => {
  asked = [];
  activities = [];
  key = undefined;
});
afterAll(() => stack.disposeAsync());

const searchAnswer = {
  web: { results: [{ title: "A lake", url: "https://lake.example/", description: "from Brave" }] },
  results: [{ title: "A lake", url: "https://lake.example/", content: "from SearXNG" }],
};

function answer<Request, Reply>(
  contract: RequestContract<Request, Reply>,
  handler: (request: Request) => Promise<Reply>,
): void {
  const signal = new AbortController().signal;
  const stats = createEndpointStats(contract.id, contract.subject, "file");
  subscribeAnswer(bus.connection, { contract, service: "file", handler, observe: () => undefined, signal, stats });
}

function start(env: Record<string, string>): Promise<AsyncDisposable> {
  const common = { MATRIX_STATE: state, MATRIX_BUS_URL: brokerUrl, MATRIX_LOG_LEVEL: "error" };
  return startProcess("tools", [toolsService], { ...common, ...env });
}

const fetchPage = (url: string, offset = 0) => bus.request(fetchPageRequest, { url, offset, origin });
const search = (query: string) => bus.request(searchWebRequest, { query, origin });

test("a page is read, and the log tells who was asked, but not what", async () => {
  await using _service = await start({ MATRIX_WEB_ALLOW: place });
  const page = await fetchPage(`http://${place}/article?q=private-words`);
  expect(page).toMatchObject({
    host: "127.0.0.1",
    status: 200,
    contentType: "text/html",
    title: "Warm lakes | The Daily",
  });
  expect(page.text).toContain("Why lakes are warm in May");
  expect(page.nextOffset).toBeUndefined();
  await eventually(() => activities.length === 1);
  expect(activities[0]).toMatchObject({ service: "tools", kind: "egress", session: "s_1", turn: "t_1" });
  expect(activities[0]?.summary).toMatch(/^web_fetch asked 127\.0\.0\.1:\d+: status 200, \d+ bytes$/);
  expect(JSON.stringify(activities)).not.toMatch(/private-words|article/);
});

test("a long page comes in parts, a PDF is refused with a sentence, two replies have different marks", async () => {
  await using _service = await start({ MATRIX_WEB_ALLOW: place });
  const first = await fetchPage(`http://${place}/long`);
  expect(first.text.length).toBeLessThanOrEqual(30_000);
  const second = await fetchPage(`http://${place}/long`, first.nextOffset);
  expect(second.text.startsWith("0123456789\n")).toBe(true);
  expect(second.boundary).not.toBe(first.boundary);
  await expect(fetchPage(`http://${place}/pdf`)).rejects.toMatchObject({ code: "unreadable" });
  await expect(fetchPage(`http://${place}/pdf`)).rejects.toThrow("PDF");
});

test("without the owner's word the listener is not reached", async () => {
  await using _service = await start({});
  await expect(fetchPage(`http://${place}/article`)).rejects.toMatchObject({ code: "denied", field: "url" });
  expect(asked).toHaveLength(0);
});

test("searching says how it is set up, and then asks SearXNG", async () => {
  {
    await using _service = await start({});
    await expect(search("lakes")).rejects.toMatchObject({ code: "not-set-up" });
    await expect(search("lakes")).rejects.toThrow(/BRAVE_SEARCH_KEY[^]*MATRIX_SEARCH_URL/);
  }
  await using _service = await start({ MATRIX_SEARCH_URL: `http://${place}` });
  const found = await search("warm lakes");
  expect(found.results).toEqual([{ title: "A lake", url: "https://lake.example/", text: "from SearXNG" }]);
  expect(asked[0]?.url).toBe("/search?q=warm+lakes&format=json");
  await eventually(() => activities.length === 1);
  expect(JSON.stringify(activities)).not.toContain("warm");
  // Trusting the search engine opens nothing to pages.
  await expect(fetchPage(`http://${place}/article`)).rejects.toMatchObject({ code: "denied" });
});

test("Brave gets the key of the vault in a header; a limit is said as such", async () => {
  key = "an-example-key";
  {
    await using _service = await start({ MATRIX_SEARCH_PROVIDER: "brave", MATRIX_SEARCH_URL: `http://${place}/web` });
    expect((await search("lakes")).results[0]?.text).toBe("from Brave");
    expect(asked[0]?.headers["x-subscription-token"]).toBe("an-example-key");
    expect(asked[0]?.url).not.toContain("an-example-key");
  }
  await using _service = await start({ MATRIX_SEARCH_PROVIDER: "brave", MATRIX_SEARCH_URL: `http://${place}/limited` });
  await expect(search("lakes")).rejects.toMatchObject({ kind: "unavailable", code: "busy" });
});

test.each(["localhost:80", "127.0.0.1", "nonsense"])("MATRIX_WEB_ALLOW=%s is refused at the start", async (value) => {
  await expect(start({ MATRIX_WEB_ALLOW: value })).rejects.toThrow("MATRIX_WEB_ALLOW");
});
