import { currentTrace } from "@matrix-os/bus/trace";
import { type Logger, destination, pino } from "pino";

/** A structured logger: the message is a constant phrase, the facts are fields. Never texts of people, never secrets. */
export type Log = Logger;

const secretKeys = ["password", "token", "authorization", "apiKey", "cookie", "secret"];

/** Writes JSON lines to standard output, each with the correlation id of the message being handled. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`]), censor: "***" },
    },
    destination({ dest: 1, sync: false, minLength: 0 }),
  );
}

/** The fields that tie a log line to a walk. */
export function traceFields(): { correlation: string } {
  return { correlation: currentTrace().correlation };
}
