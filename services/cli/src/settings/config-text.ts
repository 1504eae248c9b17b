import { configFile, type ConfigFile } from "@matrix-os/contracts/home/config-file";
import type { z } from "zod";

type Folder = Readonly<Record<string, unknown>>;

/** What is wrong with one field of the settings. */
export interface Fault {
  /** `budgets.dayUsd`; the empty string is the whole file. */
  readonly field: string;
  readonly sentence: string;
}

/** The settings of a config file, or everything that is wrong with it. */
export type Reading =
  | { readonly ok: true; readonly raw: Folder; readonly settings: ConfigFile }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Reads the text of a config file; no file at all (undefined) means every default. */
export function readConfigText(text: string | undefined): Reading {
  try {
    return checkConfig(text === undefined || text.trim() === "" ? {} : JSON.parse(text));
  } catch (error) {
    return {
      ok: false,
      faults: [
        { field: "", sentence: `It is not valid JSON: ${error instanceof Error ? error.message : String(error)}` },
      ],
    };
  }
}

/** Checks the value of a config file against its schema. */
export function checkConfig(value: unknown): Reading {
  const parsed = configFile.safeParse(value);
  if (parsed.success) return { ok: true, raw: value as Folder, settings: parsed.data };
  return { ok: false, faults: parsed.error.issues.flatMap(toFaults) };
}

/** The value at a dotted key; undefined when nothing is there. */
export function getSetting(settings: unknown, key: string): unknown {
  return splitKey(key).reduce<unknown>(
    (value, name) => (isFolder(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    settings,
  );
}

/** A copy with the value at a dotted key replaced, or taken out when it is undefined. */
export function withSetting(raw: Folder, key: string, value: unknown): Folder {
  return withValueAt(raw, splitKey(key), value);
}

/** The values that a word of the command line may mean, the likeliest first: JSON, else plain text. */
export function toCandidates(word: string): unknown[] {
  try {
    return [JSON.parse(word), word];
  } catch {
    return [word];
  }
}

function withValueAt(folder: Folder, [name = "", ...rest]: readonly string[], value: unknown): Folder {
  const { [name]: old, ...others } = folder;
  if (rest.length > 0) return { ...folder, [name]: withValueAt(isFolder(old) ? old : {}, rest, value) };
  return value === undefined ? others : { ...folder, [name]: value };
}

// Names of models have dots: everything after `prices.` up to the price's own name is one name.
function splitKey(key: string): string[] {
  const price = /^prices\.(.+?)(?:\.(inputPerMTok|outputPerMTok))?$/.exec(key);
  if (price === null) return key.split(".");
  return ["prices", ...price.slice(1).filter((part) => part !== undefined)];
}

function toFaults(issue: z.core.$ZodIssue): Fault[] {
  const field = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") return [{ field, sentence: issue.message }];
  return issue.keys.map((key) => ({
    field: field === "" ? key : `${field}.${key}`,
    sentence: "There is no setting of this name.",
  }));
}

function isFolder(value: unknown): value is Folder {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
