import { once } from "node:events";
import { type IncomingMessage, type Server, createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startFilteringProxy } from "../src/http/filtering-proxy.ts";
import { type Confinement, confine } from "./confined.ts";

let at: Confinement;
let far: Server;
let proxy: AsyncDisposable;
let socket: string;
const dialled: string[] = [];

const addresses: Readonly<Record<string, readonly string[]>> = {
  "good.example": ["93.184.216.34"],
  "www.wild.example": ["93.184.216.34"],
  "inside.example": ["10.0.0.1"],
  "mixed.example": ["93.184.216.34", "127.0.0.1"],
  "metadata.example": ["169.254.169.254"],
};

beforeAll(async () => {
  at = await confine();
  far = createServer((request: IncomingMessage, answer) => answer.end(`far ${request.headers.host} ${request.url}`));
  far.listen(0, "127.0.0.1");
  await once(far, "listening");
  const { port } = far.address() as AddressInfo;
  socket = join(at.folder.path, "proxy.sock");
  const hosts = [
    "good.example",
    "*.wild.example",
    "inside.example",
    "mixed.example",
    "metadata.example",
    "none.example",
  ];
  proxy = await startFilteringProxy(socket, hosts, {
    resolve: async (host) => addresses[host] ?? [],
    dial: (address, wanted) => {
      dialled.push(`${address}:${wanted}`);
      return connect(port, "127.0.0.1");
    },
  });
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  far.close();
  at[Symbol.dispose]();
});

/** As `fetch` does it (through a tunnel), and as curl and others ask a proxy for http. */
const viaFetch = (url: string) => `node -e 'fetch("${url}").then(async (r) => console.log(r.status, await r.text()))'`;
const asked = (url: string) =>
  `env -u NODE_USE_ENV_PROXY node -e 'require("http").get({ port: 3128, path: "${url}", headers: { host: new URL("${url}").host } }, (r) => r.on("data", (d) => console.log(r.statusCode, String(d))))'`;

test("a command reaches the hosts that the policy lists, at the address that was checked", async () => {
  const ran = await at.run(`${viaFetch("http://good.example/a?b=1")}; ${asked("http://www.wild.example/")}`, {
    proxySocket: socket,
  });
  expect(ran.text).toContain("200 far good.example /a?b=1\n200 far www.wild.example /\n");
  expect(dialled).toEqual(["93.184.216.34:80", "93.184.216.34:80"]);
});

test("a tunnel is opened to a listed host only", async () => {
  const script = `node -e '
    const { request } = require("http");
    const ask = (path) => new Promise((done) => request({ port: 3128, method: "CONNECT", path }).on("connect", (r, s) => { s.destroy(); done(path + " " + r.statusCode); }).on("error", () => done(path + " error")).end());
    (async () => { for (const path of ["good.example:443", "bad.example:443", "good.example:22", "inside.example:443", "169.254.169.254:80", "[::1]:443"]) console.log(await ask(path)); })()'`;
  const ran = await at.run(script, { proxySocket: socket });
  expect(ran.text.trim().split("\n")).toEqual([
    "good.example:443 200",
    "bad.example:443 403",
    "good.example:22 403",
    "inside.example:443 403",
    "169.254.169.254:80 403",
    "[::1]:443 403",
  ]);
});

test.each([
  ["http://bad.example/", "bad.example is not allowed"],
  ["http://wild.example/", "wild.example is not allowed"],
  ["http://inside.example/", "inside.example leads to an address that is private"],
  ["http://mixed.example/", "mixed.example leads to an address that is loopback"],
  ["http://metadata.example/", "metadata.example leads to an address that is link-local (metadata)"],
  ["http://none.example/", "none.example has no address"],
  ["http://good.example:8080/", "port 8080 is not open to commands"],
])("%s is refused", async (url, reason) => {
  const before = dialled.length;
  const ran = await at.run(asked(url), { proxySocket: socket });
  expect(ran.text).toContain(`403 ${reason}`);
  expect(dialled.length).toBe(before);
});

test("past the proxy there is still nothing, and the exit code is the command's", async () => {
  const ran = await at.run(
    `node -e 'require("net").connect(80, "93.184.216.34").on("error", (e) => process.exit(7)).on("connect", () => process.exit(0))'`,
    { proxySocket: socket },
  );
  expect(ran).toMatchObject({ state: "exited", exitCode: 7 });
});
