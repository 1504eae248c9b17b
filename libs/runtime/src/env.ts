import { z } from "zod";

/** Environment variables as a process gets them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** All problems of a configuration at once, one line a key, each with the sentence that explains the key. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the configuration can't be used:\n${problems.map((line) => `  ${line}`).join("\n")}`);
    this.problems = problems;
  }
}

/** Checks environment variables against a schema whose keys are their names; an empty value counts as not set. Throws `ConfigError`. */
export function parseEnv<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Env,
): Readonly<z.infer<z.ZodObject<Shape>>> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).map((key) => [key, env[key] === "" ? undefined : env[key]]),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return Object.freeze(parsed.data);
  throw new ConfigError(
    parsed.error.issues.map((issue) => {
      const key = String(issue.path[0] ?? "");
      const field: unknown = schema.shape[key];
      const sentence = field instanceof z.ZodType ? (field.description ?? "") : "";
      return `${key}: ${issue.message}. ${sentence}`.trim();
    }),
  );
}

/** A TCP port; 0 means any free one. */
export const port = z.coerce.number().int().min(0).max(65_535);
