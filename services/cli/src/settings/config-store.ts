import { text as readText } from "node:stream/consumers";
import { readFileRoute, writeFileRoute } from "@matrix-os/contracts/api/files";
import { CONFIG_FILE_PATH } from "@matrix-os/contracts/home/config-file";
import { Failure } from "../failure.ts";
import type { Api } from "../http/api.ts";

/** The config file as it is now: its text, and the hash that a change must name. Both undefined when there is none. */
export interface StoredConfig {
  readonly text: string | undefined;
  readonly hash: string | undefined;
}

const place = { params: { "*": CONFIG_FILE_PATH } };

/** Reads the config file through the files API. */
export async function readConfigFile(api: Api): Promise<StoredConfig> {
  try {
    const body = await api.open(readFileRoute, place);
    return { hash: body.headers.etag?.replaceAll('"', ""), text: await readText(body) };
  } catch (error) {
    if (error instanceof Failure && error.problem.code === "not-found") return { text: undefined, hash: undefined };
    throw error;
  }
}

/** Replaces the config file if it still is what was read. Throws `conflict`. */
export async function writeConfigFile(api: Api, value: unknown, { hash }: StoredConfig): Promise<void> {
  const headers: Record<string, string> = hash === undefined ? { "if-none-match": "*" } : { "if-match": `"${hash}"` };
  await api.call(writeFileRoute, { ...place, bytes: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`), headers });
}
