import { exitCodes, Failure } from "../failure.ts";

const CODE = "unreachable";

/** No connection, or one that broke: the message may or may not have arrived. */
export function toUnreachable(url: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  const isRefused = systemCodeOf(cause) === "ECONNREFUSED";
  return new Failure(
    isRefused ? "Matrix OS is not running." : `Matrix OS can't be reached at ${url} (${reasonOf(cause)}).`,
    {
      exitCode: exitCodes.unavailable,
      code: CODE,
      title: "Matrix OS can't be reached",
      remedy: isRefused
        ? `Start it with \`make start\` or \`matrixos start\`. Nothing answers at ${url}; if it runs elsewhere, set MATRIX_URL or MATRIX_PORT.`
        : "See: matrixos doctor",
      cause,
    },
  );
}

/** Whether trying again later may help: the gateway is away, or it says so itself. */
export function isTemporary(error: unknown): error is Failure {
  if (!(error instanceof Failure)) return false;
  return error.problem.code === CODE || error.problem.status === 503 || error.problem.status === 429;
}

/** Whether nobody listens at all, so that certainly nothing has arrived. */
export function isRefusedConnection(error: unknown): boolean {
  return error instanceof Failure && systemCodeOf(error.cause) === "ECONNREFUSED";
}

function systemCodeOf(cause: unknown): string | undefined {
  if (cause instanceof AggregateError) return systemCodeOf(cause.errors[0]);
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}

function reasonOf(cause: unknown): string {
  return systemCodeOf(cause) ?? (cause instanceof Error ? cause.message : "unknown reason");
}
