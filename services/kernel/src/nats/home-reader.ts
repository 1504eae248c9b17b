import type { Bus } from "@matrix-os/bus";
import { OsError, toOsError } from "@matrix-os/contracts/errors";
import { listRequest } from "@matrix-os/contracts/file/list.request";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { CONFIG_FILE_PATH, type ConfigFile, configFile, parseConfigFile } from "@matrix-os/contracts/home/config-file";
import type { Rules } from "@matrix-os/policy/judge";
import { type Taint, joinTaints } from "@matrix-os/contracts/policy/taint";
import type { Log } from "@matrix-os/runtime/log";
import { parse } from "yaml";
import { z } from "zod";
import { readRules } from "./read-rules.ts";
import type { SkillEntry } from "../prompt/system-prompt.ts";

/** The part of the home that every turn is asked with. */
export interface HomeView {
  readonly soul: string;
  readonly user: string;
  readonly facts: string;
  readonly skills: readonly SkillEntry[];
  readonly config: ConfigFile;
  readonly rules: Rules;
  /** Whose words these files hold, beside the owner's. */
  readonly taint: readonly Taint[];
  /** Sentences for the owner about files that can't be used. */
  readonly problems: readonly string[];
}

/** Reads that part, and again only after one of its files changed. */
export interface HomeReader {
  read(): Promise<HomeView>;
  /** A file changed. */
  notice(path: string): void;
  /** Changes may have been missed. */
  forget(): void;
}

const MAX_FILE_BYTES = 20_000;
const MAX_SKILLS = 200;
const watched = ["system/policy/", "system/soul.md", "system/user.md", "system/memory/", CONFIG_FILE_PATH, "skills/"];

/** A reader that keeps the last good configuration while the present one is broken. */
export function createHomeReader(bus: Bus, log: Log): HomeReader {
  let known: Promise<HomeView> | undefined;
  let lastGood = configFile.parse({});
  const read = async (): Promise<HomeView> => {
    const [soul, user, facts, configFound, skills, rules] = await Promise.all([
      readText(bus, "system/soul.md"),
      readText(bus, "system/user.md"),
      readText(bus, "system/memory/facts.md"),
      readText(bus, CONFIG_FILE_PATH),
      readSkills(bus),
      readRules(bus),
    ]);
    const checked = checkConfig(configFound.text);
    if (checked.config !== undefined) lastGood = checked.config;
    const problems = [...checked.problems, ...rules.problems];
    for (const problem of problems) log.warn({ problem }, "configuration not used");
    return {
      soul: soul.text,
      user: user.text,
      facts: facts.text,
      rules: rules.rules,
      taint: joinTaints(soul.taint, user.taint, facts.taint, skills.taint),
      skills: skills.entries,
      config: lastGood,
      problems: [...problems, ...skills.problems],
    };
  };
  return {
    read: () => {
      known ??= read().catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      return known;
    },
    notice: (path) => {
      if (watched.some((prefix) => path.startsWith(prefix))) known = undefined;
    },
    forget: () => {
      known = undefined;
    },
  };
}

/** The configuration in a text, or the sentence that says what is wrong with it, naming the key. */
function checkConfig(text: string): { readonly config: ConfigFile | undefined; readonly problems: readonly string[] } {
  if (text.trim() === "") return { config: configFile.parse({}), problems: [] };
  try {
    return { config: parseConfigFile(text), problems: [] };
  } catch (thrown) {
    const { message } = toOsError(thrown);
    return { config: undefined, problems: [`${CONFIG_FILE_PATH}: ${message}. The last good settings stay in force.`] };
  }
}

interface Text {
  readonly text: string;
  readonly taint: readonly Taint[];
}

async function readText(bus: Bus, path: string): Promise<Text> {
  try {
    const file = await bus.request(readRequest, { path, encoding: "utf8", offset: 0, length: MAX_FILE_BYTES });
    return { text: file.content, taint: file.taint ?? [] };
  } catch (error) {
    if (error instanceof OsError && error.kind === "rejected") return { text: "", taint: [] };
    throw error;
  }
}

const frontMatter = z.object({ name: z.string().max(80), description: z.string().max(400) });

async function readSkills(bus: Bus): Promise<{ entries: SkillEntry[]; problems: string[]; taint: Taint[] }> {
  const folders = await listSkillFolders(bus);
  const entries: SkillEntry[] = [];
  const problems: string[] = [];
  const found: (readonly Taint[])[] = [];
  for (const folder of folders.slice(0, MAX_SKILLS)) {
    const path = `${folder}/SKILL.md`;
    const { text, taint } = await readText(bus, path);
    found.push(taint);
    const parsed = frontMatter.safeParse(toFrontMatter(text));
    if (parsed.success) entries.push({ ...parsed.data, path });
    else problems.push(`${path}: needs a front matter with name and description; the skill is not used.`);
  }
  return { entries, problems, taint: joinTaints(...found) };
}

async function listSkillFolders(bus: Bus): Promise<string[]> {
  try {
    const { entries } = await bus.request(listRequest, { path: "skills", depth: 1, limit: MAX_SKILLS });
    return entries.filter((entry) => entry.type === "folder").map((entry) => entry.path);
  } catch (error) {
    if (error instanceof OsError && error.kind === "rejected") return [];
    throw error;
  }
}

function toFrontMatter(text: string): unknown {
  const match = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text);
  if (match?.[1] === undefined) return undefined;
  try {
    return parse(match[1]);
  } catch {
    return undefined;
  }
}
