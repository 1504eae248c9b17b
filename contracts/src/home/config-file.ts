import { z } from "zod";
import { fromZodError, rejected } from "../errors.ts";
import { queueMode } from "../turn/message.ts";
import { token } from "../values.ts";

const budgets = z.strictObject({
  /** Money one turn may spend. */
  turnUsd: z.number().positive().default(2),
  /** Money one session may spend. */
  sessionUsd: z.number().positive().default(20),
  /** Money one day may spend. */
  dayUsd: z.number().positive().default(10),
  /** Model calls in one turn. */
  steps: z.number().int().positive().default(50),
  /** Tool calls in one turn. */
  toolCalls: z.number().int().positive().default(200),
  /** Minutes one turn may take. */
  minutes: z.number().positive().default(15),
});

const price = z.strictObject({ inputPerMTok: z.number().nonnegative(), outputPerMTok: z.number().nonnegative() });

const queue = z.strictObject({
  /** What a message does while a turn of its session runs, unless it says so itself. */
  mode: queueMode.default("followup"),
  /** The same for single sessions, by their name. */
  sessions: z.record(token, queueMode).default({}),
});

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** `system/config.json`: every key is optional, unknown keys are refused. */
export const configFile = z.strictObject({
  /** The model to use; without it the environment decides. */
  model: z.string().min(1).optional(),
  budgets: budgets.prefault({}),
  /** US dollars per million tokens, by model name; unlisted models cost what the kernel knows. */
  prices: z.record(z.string(), price).default({}),
  queue: queue.prefault({}),
  /** IANA name such as `Europe/Berlin`; without it the machine's. */
  timezone: z.string().refine(isTimeZone, "must be a time zone such as Europe/Berlin").optional(),
});

/** The owner's settings with defaults filled in. */
export type ConfigFile = z.infer<typeof configFile>;

/** Where the settings stand in the home. */
export const CONFIG_FILE_PATH = "system/config.json";

/** The settings in this text; `rejected/invalid` names the wrong field (an unknown key included). */
export function parseConfigFile(text: string): ConfigFile {
  const parsed = configFile.safeParse(toJson(text));
  if (parsed.success) return parsed.data;
  const unknown = parsed.error.issues.find((issue) => issue.code === "unrecognized_keys");
  if (unknown === undefined) throw fromZodError(parsed.error);
  const field = [...unknown.path, unknown.keys[0] ?? ""].join(".");
  throw rejected("invalid", `${field}: this setting is not known`, { field, cause: parsed.error });
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw rejected("invalid", `${CONFIG_FILE_PATH} is not valid JSON`, { field: CONFIG_FILE_PATH, cause });
  }
}
