import { parseSync, Visitor, type Program } from "oxc-parser";

/** One TypeScript file, parsed. `path` is relative to the root of the tree, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly imports: readonly ImportedModule[];
  readonly comments: readonly Span[];
  readonly syntaxErrors: readonly string[];
}

/** A module that a file names in an import, a re-export, an `import()` or an import type. */
export interface ImportedModule {
  readonly specifier: string;
  readonly line: number;
  readonly typeOnly: boolean;
}

/** A place in a file, as offsets; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A broken rule, told so that one finds and understands it without reading the rule. */
export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** Parses a file. Never throws: what can't be parsed stands in `syntaxErrors`. */
export function parseSource(path: string, text: string): SourceFile {
  const parsed = parseSync(path, text);
  return {
    path,
    text,
    program: parsed.program,
    imports: collectImports(parsed.program, text),
    comments: parsed.comments,
    syntaxErrors: parsed.errors.map((error) => error.message),
  };
}

/** Tests and what only tests use: some rules are not for them. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.includes("/test/") || path.startsWith("tests/");
}

/** The line, counted from 1, that an offset lies on. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let next = text.indexOf("\n"); next !== -1 && next < offset; next = text.indexOf("\n", next + 1)) line++;
  return line;
}

/** For each line of the file, whether it holds code: blank lines and lines of comment don't. */
export function findCodeLines(file: SourceFile): readonly boolean[] {
  const pieces: string[] = [];
  let from = 0;
  for (const comment of file.comments) {
    pieces.push(
      file.text.slice(from, comment.start),
      file.text.slice(comment.start, comment.end).replace(/[^\n]/g, ""),
    );
    from = comment.end;
  }
  pieces.push(file.text.slice(from));
  return pieces
    .join("")
    .split("\n")
    .map((line) => line.trim() !== "");
}

function collectImports(program: Program, text: string): ImportedModule[] {
  const found: ImportedModule[] = [];
  const note = (start: number, specifier: string, typeOnly: boolean): void => {
    found.push({ specifier, line: lineAt(text, start), typeOnly });
  };
  new Visitor({
    ImportDeclaration: (node) => {
      const named = node.specifiers.filter((entry) => entry.type === "ImportSpecifier");
      const onlyTypes = named.length > 0 && named.length === node.specifiers.length && named.every(isTypeSpecifier);
      note(node.start, node.source.value, node.importKind === "type" || onlyTypes);
    },
    ExportNamedDeclaration: (node) => {
      if (node.source) note(node.start, node.source.value, node.exportKind === "type");
    },
    ExportAllDeclaration: (node) => note(node.start, node.source.value, node.exportKind === "type"),
    ImportExpression: (node) => {
      if (node.source.type === "Literal" && typeof node.source.value === "string")
        note(node.start, node.source.value, false);
    },
    TSImportType: (node) => note(node.start, node.source.value, true),
  }).visit(program);
  return found;
}

function isTypeSpecifier(entry: { readonly importKind?: string }): boolean {
  return entry.importKind === "type";
}
