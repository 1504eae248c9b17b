import { Visitor, type Expression, type PrivateIdentifier } from "oxc-parser";

import { isTest, lineAt, type Problem, type SourceFile } from "../source-file.ts";

/** The one place where secrets are compared: in constant time. */
const ALLOWED = "services/gateway/src/auth/secrets.ts";
const comparisons: ReadonlySet<string> = new Set(["===", "!==", "==", "!="]);
const comparingCalls: ReadonlySet<string> = new Set([
  "includes",
  "indexOf",
  "startsWith",
  "endsWith",
  "localeCompare",
  "equals",
  "compare",
  "is",
]);
const secretWords: ReadonlySet<string> = new Set([
  "token",
  "secret",
  "digest",
  "cookie",
  "password",
  "passphrase",
  "signature",
  "mac",
  "hmac",
  "credential",
]);
// Codes that are no secrets: error codes and exit codes stand for themselves.
const secretCodes: ReadonlySet<string> = new Set(["logincode", "linkcode", "pairingcode"]);

const wrappers: ReadonlySet<unknown> = new Set([
  "ChainExpression",
  "ParenthesizedExpression",
  "TSAsExpression",
  "TSNonNullExpression",
]);

/** What is named like a secret is compared by `isSameSecret` only; against a word of the program (`token === ""`) it may be compared. */
export function checkSecretComparison(file: SourceFile): Problem[] {
  if (file.path === ALLOWED || isTest(file.path)) return [];
  const problems: Problem[] = [];
  const note = (start: number, name: string): void => {
    problems.push({
      path: file.path,
      line: lineAt(file.text, start),
      message: `${name} is compared in a time that tells; use isSameSecret of auth/secrets.ts`,
    });
  };
  new Visitor({
    BinaryExpression: (node) => {
      if (!comparisons.has(node.operator) || isPlain(node.left) || isPlain(node.right)) return;
      const secret = findSecret([node.left, node.right]);
      if (secret !== undefined) note(node.start, secret);
    },
    CallExpression: (node) => {
      const { callee } = node;
      if (callee.type !== "MemberExpression" || !comparingCalls.has(nameOf(callee.property))) return;
      const given = node.arguments.filter((argument) => argument.type !== "SpreadElement");
      if (given.every(isPlain)) return;
      const secret = findSecret([callee.object, ...given]);
      if (secret !== undefined) note(node.start, secret);
    },
  }).visit(file.program);
  return problems;
}

/** How many comparisons a file has at all: a rule that sees none of them guards nothing. */
export function countComparisons(file: SourceFile): number {
  let count = 0;
  new Visitor({
    BinaryExpression: ({ operator }) => {
      if (comparisons.has(operator)) count += 1;
    },
  }).visit(file.program);
  return count;
}

type Node = Expression | PrivateIdentifier;

function findSecret(nodes: readonly Node[]): string | undefined {
  return nodes.map(nameOf).find(isSecretName);
}

function isSecretName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[ _-]+/);
  const last = words.at(-1) ?? "";
  return last === "code" ? secretCodes.has(words.join("")) : secretWords.has(last);
}

/** A word or number of the program itself, or nothing at all. */
function isPlain(node: { readonly type: string; readonly name?: unknown; readonly operator?: unknown }): boolean {
  if (node.type === "Literal" || (node.type === "UnaryExpression" && node.operator === "typeof")) return true;
  return node.type === "Identifier" && node.name === "undefined";
}

function nameOf(node: object): string {
  const { type, name, value, property, expression } = node as Record<string, unknown>;
  if (type === "MemberExpression") return nameOf(property as object);
  if (typeof expression === "object" && expression !== null && wrappers.has(type)) return nameOf(expression);
  return typeof name === "string" ? name : typeof value === "string" ? value : "";
}
