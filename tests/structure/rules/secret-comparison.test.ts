import { expect, test } from "vitest";

import { parseSource } from "../source-file.ts";
import { checkSecretComparison } from "./secret-comparison.ts";

const planted = [
  "if (token === ownerToken) letIn();",
  "if (request.headers.cookie !== known) refuse();",
  "const ok = record.digest == toDigest(secret);",
  'const ok = body["signature"] === expected;',
  "const ok = expected === given?.hmac;",
  "const ok = tokens.includes(token);",
  "const ok = password.startsWith(typed);",
  "const ok = a.localeCompare(clientSecret) === 0;",
  "const ok = Object.is(apiToken, given);",
  "const ok = loginCode === given;",
  "const ok = (mac as string) !== other;",
];

test.each(planted)("%s is found", (text) => {
  expect(checkSecretComparison(parseSource("services/gateway/src/http/a.ts", text))).toHaveLength(1);
});

test.each(["services/gateway/src/auth/secrets.ts", "services/gateway/test/a.ts", "libs/bus/src/a.test.ts"])(
  "%s may compare them",
  (path) => {
    expect(planted.flatMap((text) => checkSecretComparison(parseSource(path, text)))).toEqual([]);
  },
);

test.each([
  'if (token === "") refuse();',
  "if (token === undefined) refuse();",
  'const ok = credentials.kind === "token";',
  'const ok = error.code === "not-found";',
  "const ok = problem.code === code;",
  "const ok = tokenCount === limit;",
  'const ok = typeof token === "string";',
  'const ok = token.startsWith("mx_");',
  "const ok = isSameSecret(token, other);",
])("%s is no comparison of secrets", (text) => {
  expect(checkSecretComparison(parseSource("services/gateway/src/http/a.ts", text))).toEqual([]);
});
