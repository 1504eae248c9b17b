import { handledTrace } from "@matrix-os/bus/trace";
import { type DestinationStream, type Logger, destination, pino } from "pino";

/** A structured logger: the message is a constant phrase, the facts are fields. Never texts of people, never secrets. */
export type Log = Logger;

const namesOfSecrets =
  "password pass token authToken authorization Authorization apiKey api_key secret credentials cookie headers MATRIX_BUS_PASSWORD MATRIX_PROVISION_PASSWORD ANTHROPIC_API_KEY";
const secretKeys = namesOfSecrets.split(" ");
/** How deep a secret may lie below the fields of a line. */
const depths = ["", "*.", "*.*."];

/** Writes JSON lines to standard output, each with the correlation id of the message being handled, and each redacted as a whole. */
export function createLog(level: string, redact: (line: string) => string = (line) => line): Log {
  const out = destination({ dest: 1, sync: false, minLength: 0 });
  return pino(
    {
      level,
      base: null,
      mixin: traceFields,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: depths.flatMap((depth) => secretKeys.map((key) => `${depth}${key}`)), censor: "***" },
    },
    {
      write: (line: string) => void out.write(redact(line)),
      flush: (done: (error?: Error) => void) => out.flush(done),
    } as DestinationStream,
  );
}

/** Ties a line to the walk of the message that is being handled, if one is. */
function traceFields(): { correlation?: string } {
  const trace = handledTrace();
  return trace === undefined ? {} : { correlation: trace.correlation };
}
