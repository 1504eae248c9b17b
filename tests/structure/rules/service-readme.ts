import { Visitor } from "oxc-parser";

import type { Problem, SourceFile } from "../source-file.ts";

/** What a service hears and says, as contract ids (`file.request.write`). */
export interface Messages {
  readonly hears: ReadonlySet<string>;
  readonly says: ReadonlySet<string>;
}

const kinds = ["request", "event", "command", "control", "draft", "stream"];
const contractModule = new RegExp(`^@matrix-os/contracts/(.+)/([^/]+)\\.(${kinds.join("|")})$`);

/** Compares a service's README table with its `service.ts`; every contract imported there must be heard or said. */
export function checkServiceReadme(service: SourceFile, readme: string): Problem[] {
  const path = service.path.replace(/src\/service\.ts$/, "README.md");
  const written = readTable(readme);
  const declared = readDeclaration(service);
  const tables = (["hears", "says"] as const).flatMap((verb) => [
    ...missing(declared[verb], written[verb]).map((id) => ({
      path,
      line: 1,
      message: `the table lacks: ${verb} ${id}`,
    })),
    ...missing(written[verb], declared[verb]).map((id) => ({
      path,
      line: 1,
      message: `service.ts has no: ${verb} ${id}`,
    })),
  ]);
  const used = new Set([...declared.hears, ...declared.says]);
  const unused = missing(new Set(contractsByName(service).values()), used);
  return [
    ...tables,
    ...unused.map((id) => ({ path: service.path, line: 1, message: `${id} is neither heard nor said` })),
  ];
}

/** The rows `| hears | \`file.request.write\` | … |` and `| says | … |` of a README. */
export function readTable(readme: string): Messages {
  const rows = [...readme.matchAll(/^\|\s*(hears|says)\s*\|\s*`([^`]+)`\s*\|/gm)];
  const idsOf = (verb: string): Set<string> =>
    new Set(rows.filter((row) => row[1] === verb).map((row) => row[2] ?? ""));
  return { hears: idsOf("hears"), says: idsOf("says") };
}

/** The contracts that stand in the arrays `hears` and `says` of a `service.ts`. */
export function readDeclaration(service: SourceFile): Messages {
  const contracts = contractsByName(service);
  const hears = new Set<string>();
  const says = new Set<string>();
  const lists = findLists(service);
  new Visitor({
    Identifier: ({ name, start }) => {
      const id = contracts.get(name);
      if (id === undefined) return;
      if (lists.hears.some((list) => list.start <= start && start < list.end)) hears.add(id);
      if (lists.says.some((list) => list.start <= start && start < list.end)) says.add(id);
    },
  }).visit(service.program);
  return { hears, says };
}

interface List {
  readonly start: number;
  readonly end: number;
}

// Both forms count: `{ hears: [...] }` and `const hears = [...]`.
function findLists(service: SourceFile): { readonly hears: List[]; readonly says: List[] } {
  const lists: { hears: List[]; says: List[] } = { hears: [], says: [] };
  const note = (name: string, list: List | null): void => {
    if (list && (name === "hears" || name === "says")) lists[name].push(list);
  };
  new Visitor({
    Property: ({ key, value }) => {
      if (key.type === "Identifier") note(key.name, value);
    },
    VariableDeclarator: ({ id, init }) => {
      if (id.type === "Identifier") note(id.name, init);
    },
  }).visit(service.program);
  return lists;
}

function contractsByName(service: SourceFile): ReadonlyMap<string, string> {
  const contracts = new Map<string, string>();
  new Visitor({
    ImportDeclaration: ({ source, specifiers, importKind }) => {
      const match = contractModule.exec(source.value);
      if (!match || importKind === "type") return;
      const [, domain = "", name = "", kind = ""] = match;
      for (const { local } of specifiers) {
        if (local.name.toLowerCase().endsWith(kind))
          contracts.set(local.name, `${domain.replaceAll("/", ".")}.${kind}.${name}`);
      }
    },
  }).visit(service.program);
  return contracts;
}

function missing(all: ReadonlySet<string>, present: ReadonlySet<string>): string[] {
  return [...all].filter((id) => !present.has(id)).toSorted();
}
