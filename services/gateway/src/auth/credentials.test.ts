import { expect, test } from "vitest";
import { readCredentials, toCookieName, toSetCookie } from "./credentials.ts";

test.each([
  [{}, { kind: "none" }],
  [{ authorization: "Bearer abc" }, { kind: "token", token: "abc" }],
  [{ authorization: "bearer   abc  " }, { kind: "token", token: "abc" }],
  [{ authorization: "Bearer a b" }, { kind: "token", token: "" }],
  [
    { authorization: "Basic abc", cookie: "matrix-1=c" },
    { kind: "token", token: "" },
  ],
  [
    { authorization: "Bearer abc", cookie: "matrix-1=c" },
    { kind: "token", token: "abc" },
  ],
  [{ cookie: "other=1; matrix-1=a=b; matrix-1=second" }, { kind: "cookie", value: "a=b" }],
  [{ cookie: "matrix-12=c; xmatrix-1=d" }, { kind: "none" }],
  [{ cookie: "" }, { kind: "none" }],
])("%j shows %j", (headers, expected) => {
  expect(readCredentials(headers, "matrix-1")).toEqual(expected);
});

test("a cookie's name holds the port; with TLS it is bound to this host and to TLS", () => {
  expect(toSetCookie(toCookieName("http", 4400), "v", 60)).toBe(
    "matrix-4400=v; Path=/; HttpOnly; SameSite=Strict; Max-Age=60",
  );
  expect(toSetCookie(toCookieName("https", 443), "v", 60)).toBe(
    "__Host-matrix-443=v; Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure",
  );
});
