import { Visitor } from "oxc-parser";

import { lineAt, type Problem, type SourceFile } from "../source-file.ts";

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const emptyWords: ReadonlySet<string> = new Set(["util", "utils", "helper", "helpers", "misc", "manager", "impl"]);
const emptyNames: ReadonlySet<string> = new Set(["common", "shared", "index"]);
const emptyEnding = /(Utils?|Helpers?|Manager|Impl)$/;

/** Names say what a thing is: kebab-case paths, no words that could mean anything, no barrel, default export or enum. */
export function checkNames(file: SourceFile): Problem[] {
  const at = (start: number, message: string): Problem => ({
    path: file.path,
    line: lineAt(file.text, start),
    message,
  });
  const problems = checkPath(file.path).map((message) => at(0, message));
  if (isBarrel(file)) problems.push(at(0, "a file that only passes on what others export (a barrel)"));
  new Visitor({
    ExportDefaultDeclaration: (node) => {
      if (!file.path.endsWith(".config.ts")) problems.push(at(node.start, "a default export"));
    },
    ExportAllDeclaration: (node) => {
      problems.push(at(node.start, "export * (a barrel)"));
    },
    TSEnumDeclaration: (node) => {
      problems.push(at(node.start, `enum ${node.id.name}: use a union of strings`));
    },
    ExportNamedDeclaration: ({ start, declaration }) => {
      const name =
        declaration && "id" in declaration && declaration.id && "name" in declaration.id ? declaration.id.name : "";
      if (emptyEnding.test(name)) problems.push(at(start, `${name}: name what it does`));
    },
  }).visit(file.program);
  return problems;
}

function checkPath(path: string): string[] {
  return path.split("/").flatMap((part) => {
    const name = part.replace(/\.tsx?$/, "");
    if (!kebabCase.test(name)) return [`${part} is not kebab-case`];
    const words = name.split(/[-.]/);
    const empty = emptyNames.has(name) ? name : words.find((word) => emptyWords.has(word));
    return empty === undefined ? [] : [`${part}: "${empty}" says nothing`];
  });
}

function isBarrel(file: SourceFile): boolean {
  const statements = file.program.body;
  return (
    statements.length > 0 && statements.every((node) => node.type === "ExportNamedDeclaration" && node.source !== null)
  );
}
