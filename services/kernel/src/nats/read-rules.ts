import type { Bus } from "@matrix-os/bus";
import { OsError, toOsError } from "@matrix-os/contracts/errors";
import { readRequest } from "@matrix-os/contracts/file/read.request";
import { RULES_FILE_PATH, parseRulesFile } from "@matrix-os/contracts/policy/rules-file";
import type { Rules } from "@matrix-os/policy/judge";

const MAX_BYTES = 100_000;

/** The owner's rules about approvals. A file that can't be used leaves none in force but the strict ones, and a sentence that says so. */
export async function readRules(bus: Bus): Promise<{ readonly rules: Rules; readonly problems: readonly string[] }> {
  try {
    const asked = { path: RULES_FILE_PATH, encoding: "utf8" as const, offset: 0, length: MAX_BYTES };
    return { rules: parseRulesFile((await bus.request(readRequest, asked)).content), problems: [] };
  } catch (thrown) {
    const error = toOsError(thrown);
    if (error.code === "not-found") return { rules: [], problems: [] };
    if (!(thrown instanceof OsError) || error.kind !== "rejected") throw thrown;
    const problem = `${RULES_FILE_PATH}: ${error.message}. Until it is repaired every change is asked about.`;
    return { rules: "unreadable", problems: [problem] };
  }
}
