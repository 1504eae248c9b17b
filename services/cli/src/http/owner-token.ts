import { readFile } from "node:fs/promises";
import type { CliConfig } from "../config.ts";
import { exitCodes, Failure } from "../failure.ts";

/** The owner's token: `MATRIX_TOKEN`, else the file that the first start has made. Throws a `Failure` that says how to get one. */
export async function readOwnerToken(config: Pick<CliConfig, "token" | "tokenFile">): Promise<string> {
  if (config.token !== undefined) return config.token;
  try {
    const token = (await readFile(config.tokenFile, "utf8")).trim();
    if (token !== "") return token;
    throw missingToken(`The token file ${config.tokenFile} is empty.`);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw missingToken(explain(config.tokenFile, error), error);
  }
}

function explain(path: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return `There is no token at ${path}.`;
  return code === "EACCES"
    ? `The token file ${path} may not be read by this user.`
    : `The token file ${path} can't be read.`;
}

function missingToken(sentence: string, cause?: unknown): Failure {
  return new Failure(sentence, {
    exitCode: exitCodes.notAllowed,
    code: "no-token",
    title: "No token",
    remedy:
      "The first `make start` makes it. If Matrix OS runs with another MATRIX_STATE, set the same here; on another machine set MATRIX_URL and MATRIX_TOKEN.",
    cause,
  });
}
