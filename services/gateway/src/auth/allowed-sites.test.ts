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
    expect(findForeignHeader({ host }, sites)).toBe(expected);
  });
});

test("an origin has to be one of ours, of the same scheme", () => {
  const host = "[::1]:4400";
  expect(findForeignHeader({ host, origin: "http://127.0.0.1:4400" }, http)).toBeUndefined();
  expect(findForeignHeader({ host, origin: "https://127.0.0.1:4400" }, http)).toBe("Origin");
  expect(findForeignHeader({ host, origin: "http://localhost:4400" }, http)).toBe("Origin");
  expect(findForeignHeader({ host, origin: "null" }, http)).toBe("Origin");
});

test("a link may be followed from anywhere, a page elsewhere may not embed us", () => {
  const from = (site: string, mode: string) =>
    findForeignHeader({ host: "127.0.0.1:4400", "sec-fetch-site": site, "sec-fetch-mode": mode }, http);
  expect([from("cross-site", "navigate"), from("same-origin", "cors"), from("none", "navigate")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect([from("cross-site", "no-cors"), from("same-site", "cors")]).toEqual(["Sec-Fetch-Site", "Sec-Fetch-Site"]);
});
