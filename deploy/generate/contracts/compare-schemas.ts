import type { JsonSchema } from "./to-snapshot.ts";

/** A change that an older peer would trip over: where (`request.origin.actor`) and what. */
export interface BreakingChange {
  readonly path: string;
  readonly problem: string;
}

/** Which side of a message this is: what others send us, or what they read from us. */
export type Direction = "received" | "sent";

interface Place {
  readonly path: string;
  readonly direction: Direction;
}

/** Everything in a new schema that is not additive: what is missing, newly required or narrower than before. */
export function findBreakingChanges(before: JsonSchema, after: JsonSchema, at: Place): BreakingChange[] {
  const hasAlternatives = toAlternatives(before) !== undefined || toAlternatives(after) !== undefined;
  return hasAlternatives ? compareAlternatives(before, after, at) : rules.flatMap((rule) => rule(before, after, at));
}

type Rule = (before: JsonSchema, after: JsonSchema, at: Place) => BreakingChange[];

const rules: readonly Rule[] = [
  compareTypes,
  compareValues,
  compareProperties,
  compareRequired,
  compareBounds,
  compareExactKeywords,
  compareNested,
];

function broken(at: Place, problem: string): BreakingChange {
  return { path: at.path, problem };
}

function compareTypes(before: JsonSchema, after: JsonSchema, at: Place): BreakingChange[] {
  const [old, now] = [toList(before["type"]), toList(after["type"])];
  if (now.length === 0) return [];
  if (old.length === 0) return allows(before) ? [broken(at, `narrowed to the type ${now.join(" or ")}`)] : [];
  const wide = now.includes("number") ? [...now, "integer"] : now;
  const gone = old.filter((type) => !wide.includes(type));
  return gone.length === 0 ? [] : [broken(at, `the type ${gone.join(" and ")} is not allowed any more`)];
}

/** A schema without `type` that does not say it in another way allows everything. */
function allows(schema: JsonSchema): boolean {
  return !["const", "enum", "anyOf", "oneOf", "allOf"].some((keyword) => keyword in schema);
}

function compareValues(before: JsonSchema, after: JsonSchema, at: Place): BreakingChange[] {
  const [old, now] = [toValues(before), toValues(after)];
  if (now === undefined) return [];
  if (old === undefined) return [broken(at, "narrowed to fixed values")];
  const gone = old.filter((value) => !now.includes(value));
  return gone.length === 0 ? [] : [broken(at, `not allowed any more: ${gone.join(", ")}`)];
}

function toValues(schema: JsonSchema): string[] | undefined {
  if ("const" in schema) return [JSON.stringify(schema["const"])];
  return Array.isArray(schema["enum"]) ? schema["enum"].map((value) => JSON.stringify(value)) : undefined;
}

function compareProperties(before: JsonSchema, after: JsonSchema, at: Place): BreakingChange[] {
  const [old, now] = [toSchemas(before["properties"]), toSchemas(after["properties"])];
  return Object.entries(old).flatMap(([name, schema]) => {
    const inside = { ...at, path: `${at.path}.${name}` };
    const present = now[name];
    return present === undefined ? [broken(inside, "removed")] : findBreakingChanges(schema, present, inside);
  });
}

function compareRequired(before: JsonSchema, after: JsonSchema, at: Place): BreakingChange[] {
  const [old, now] = [toList(before["required"]), toList(after["required"])];
  const added = now.filter((name) => !old.includes(name)).map((name) => ({ name, problem: "newly required" }));
  const dropped = old.filter((name) => !now.includes(name) && name in toSchemas(after["properties"]));
  const promised = at.direction === "sent" ? dropped.map((name) => ({ name, problem: "not promised any more" })) : [];
  return [...added, ...promised].map(({ name, problem }) => ({ path: `${at.path}.${name}`, problem }));
}

/** Each alternative of before must still be accepted by one of the alternatives now. */
function compareAlternatives(before: JsonSchema, after: JsonSchema, at: Place): BreakingChange[] {
  const [old, now] = [toAlternatives(before), toAlternatives(after)];
  return (old ?? [before]).flatMap((alternative, index) => {
    const tries = (now ?? [after]).map((candidate) => findBreakingChanges(alternative, candidate, at));
    if (tries.some((changes) => changes.length === 0)) return [];
    const closest = tries.toSorted((a, b) => a.length - b.length)[0] ?? [];
    return old === undefined ? closest : [broken(at, `alternative ${index + 1} is gone or narrower`), ...closest];
  });
}

function toAlternatives(schema: JsonSchema): JsonSchema[] | undefined {
  const list = schema["anyOf"] ?? schema["oneOf"];
  return Array.isArray(list) ? list.filter(isSchema) : undefined;
}

const lowerBounds = ["minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties"];
const upperBounds = ["maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties"];

function compareBounds(before: JsonSchema, after: JsonSchema, at: Place): BreakingChange[] {
  const raised = lowerBounds.filter((name) => toNumber(after[name], -Infinity) > toNumber(before[name], -Infinity));
  const lowered = upperBounds.filter((name) => toNumber(after[name], Infinity) < toNumber(before[name], Infinity));
  return [...raised, ...lowered].map((name) => broken(at, `${name} is tighter: ${String(after[name])}`));
}

/** Patterns can't be compared in width: any other one counts as narrower. */
function compareExactKeywords(before: JsonSchema, after: JsonSchema, at: Place): BreakingChange[] {
  return ["pattern", "format", "multipleOf"]
    .filter((name) => name in after && after[name] !== before[name])
    .map((name) => broken(at, `another ${name}`));
}

const nestingKeywords = ["items", "additionalProperties", "propertyNames"];

function compareNested(before: JsonSchema, after: JsonSchema, at: Place): BreakingChange[] {
  const nested = nestingKeywords
    .filter((name) => name in after)
    .flatMap((name) => {
      const [old, now] = [before[name] ?? {}, after[name] ?? {}];
      const inside = { ...at, path: `${at.path}${name === "items" ? "[]" : ".*"}` };
      if (now === false && old !== false) return [broken(inside, "unknown keys are refused now")];
      return isSchema(old) && isSchema(now) ? findBreakingChanges(old, now, inside) : [];
    });
  const [old, now] = [toSchemaList(before), toSchemaList(after)];
  const joined = now.flatMap((schema, index) => findBreakingChanges(old[index] ?? {}, schema, at));
  return [...nested, ...joined];
}

/** Parts that stand by their place: of an intersection, or of a tuple. */
function toSchemaList(schema: JsonSchema): JsonSchema[] {
  const list = schema["allOf"] ?? (Array.isArray(schema["items"]) ? schema["items"] : []);
  return Array.isArray(list) ? list.filter(isSchema) : [];
}

function toList(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.map(String) : [];
}

function toSchemas(value: unknown): Readonly<Record<string, JsonSchema>> {
  if (!isSchema(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, schema]) => (isSchema(schema) ? [[name, schema]] : [])),
  );
}

function toNumber(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
