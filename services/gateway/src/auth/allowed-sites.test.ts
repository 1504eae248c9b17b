import { describe, expect, test } from "vitest";
import { findForeignHeader, toAllowedSites } from "./allowed-sites.ts";

const http = toAllowedSites({
  scheme: "http",
  host: "127.0.0.1",
  port: 4400,
  more: ["box.lan", "box.example:8443"],
  appsHost: "localhost",
});
const https = toAllowedSites({
  scheme: "https",
  host: "::",
  port: 443,
  more: ["box.example"],
  appsHost: "apps.example",
});

describe("hosts", () => {
  test.each<[typeof http, string | undefined, string | undefined]>([
    [http, "127.0.0.1:4400", undefined],
    [http, "LOCALHOST:4400", "Host"],
    [https, "LOCALHOST:443", undefined],
    [https, "apps.example", "Host"],
    [http, "[::1]:4400", undefined],
    [http, "box.lan:4400", undefined],
    [http, "box.example:8443", undefined],
    [http, "box.example:4400", "Host"],
    [http, "localhost", "Host"],
    [http, undefined, "Host"],
    [https, "box.example", undefined],
    [https, "box.example:443", undefined],
    [https, "box.example:80", "Host"],
  ])("%o %s", (sites, host, expected) => {
    expect(findForeignHeader({ host }, sites, "data")).toBe(expected);
  });
});

test("an origin has to be one of ours, of the same scheme", () => {
  const host = "[::1]:4400";
  expect(findForeignHeader({ host, origin: "http://127.0.0.1:4400" }, http, "data")).toBeUndefined();
  expect(findForeignHeader({ host, origin: "https://127.0.0.1:4400" }, http, "data")).toBe("Origin");
  expect(findForeignHeader({ host, origin: "http://localhost:4400" }, http, "data")).toBe("Origin");
  expect(findForeignHeader({ host, origin: "null" }, http, "data")).toBe("Origin");
});

test("a link to a page may be followed from anywhere, one to data may not, and a page elsewhere may not embed us", () => {
  const from = (site: string, mode: string, to: "page" | "data" = "page") =>
    findForeignHeader({ host: "127.0.0.1:4400", "sec-fetch-site": site, "sec-fetch-mode": mode }, http, to);
  expect([from("cross-site", "navigate"), from("same-origin", "cors"), from("none", "navigate")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect([from("cross-site", "no-cors"), from("same-site", "cors"), from("cross-site", "navigate", "data")]).toEqual([
    "Sec-Fetch-Site",
    "Sec-Fetch-Site",
    "Sec-Fetch-Site",
  ]);
  expect(from("none", "navigate", "data")).toBeUndefined();
});
