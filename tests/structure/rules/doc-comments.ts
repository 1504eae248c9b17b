import type { Program } from "oxc-parser";

import { isTest, lineAt, type Problem, type SourceFile } from "../source-file.ts";

type Statement = Program["body"][number];

/** What a file exports, by name: each must carry a doc comment directly above it. Overloads are one export. */
export function checkDocComments(file: SourceFile): Problem[] {
  if (isTest(file.path)) return [];
  const seen = new Set<string>();
  return findExports(file.program).flatMap(({ name, start }) => {
    if (seen.has(name)) return [];
    seen.add(name);
    if (hasDocComment(file, start)) return [];
    return [
      { path: file.path, line: lineAt(file.text, start), message: `${name} has no doc comment: what does it promise?` },
    ];
  });
}

/** How many names a file exports by itself (re-exports aside). */
export function countExports(file: SourceFile): number {
  return findExports(file.program).length;
}

interface Export {
  readonly name: string;
  readonly start: number;
}

function findExports(program: Program): Export[] {
  return program.body.flatMap((node): Export[] => {
    if (node.type !== "ExportNamedDeclaration" || node.source) return [];
    if (node.declaration) return [{ name: namesOf(node.declaration)[0] ?? "it", start: node.start }];
    const names = node.specifiers.flatMap(({ local }) => ("name" in local ? [local.name] : []));
    return names.flatMap((name) => findDeclaration(program, name));
  });
}

function findDeclaration(program: Program, name: string): Export[] {
  const node = program.body.find((statement) => namesOf(statement).includes(name));
  return node ? [{ name, start: node.start }] : [];
}

function namesOf(node: Statement): string[] {
  if (node.type === "VariableDeclaration") {
    return node.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
  }
  return "id" in node && node.id && "name" in node.id ? [node.id.name] : [];
}

function hasDocComment(file: SourceFile, start: number): boolean {
  return file.comments.some(
    (comment) =>
      comment.end <= start &&
      file.text.startsWith("/**", comment.start) &&
      /^[ \t]*\n[ \t]*$/.test(file.text.slice(comment.end, start)),
  );
}
