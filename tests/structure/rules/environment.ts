import { Visitor, type Expression } from "oxc-parser";

import { isTest, lineAt, type Problem, type SourceFile } from "../source-file.ts";

/** `process.env` is read in `config.ts` only; deploy scripts, tests and tool configurations aside. */
export function checkEnvironment(file: SourceFile): Problem[] {
  if (mayReadEnvironment(file.path)) return [];
  const problems: Problem[] = [];
  const note = (start: number): void => {
    problems.push({
      path: file.path,
      line: lineAt(file.text, start),
      message: "process.env is read in config.ts only",
    });
  };
  new Visitor({
    MemberExpression: (node) => {
      if (isProcess(node.object) && nameOf(node.property) === "env") note(node.start);
    },
    VariableDeclarator: (node) => {
      if (node.init && isProcess(node.init) && node.id.type === "ObjectPattern") note(node.start);
    },
    ImportSpecifier: (node) => {
      if (nameOf(node.imported) === "env" && file.imports.some(({ specifier }) => specifier === "node:process"))
        note(node.start);
    },
  }).visit(file.program);
  return problems;
}

function mayReadEnvironment(path: string): boolean {
  return path.endsWith("/config.ts") || path.startsWith("deploy/") || isTest(path) || /^[^/]+\.config\.ts$/.test(path);
}

function isProcess(node: Expression): boolean {
  if (node.type === "Identifier") return node.name === "process";
  return (
    node.type === "MemberExpression" && nameOf(node.object) === "globalThis" && nameOf(node.property) === "process"
  );
}

function nameOf(node: { readonly type: string; readonly name?: unknown; readonly value?: unknown }): unknown {
  return node.type === "Literal" ? node.value : node.name;
}
