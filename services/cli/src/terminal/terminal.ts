import { createPaint, type Paint } from "./paint.ts";
import type { Streams } from "./streams.ts";

/** Where a command writes: results to standard output, everything else (hints, progress, errors) to standard error. */
export interface Terminal {
  readonly out: Paint;
  readonly err: Paint;
  /** Whether a person looks at the results. */
  readonly isInteractive: boolean;
  /** Appends to the results. */
  readonly write: (text: string) => void;
  /** Adds a line to standard error. */
  readonly note: (text: string) => void;
  /** Shows a passing word on a terminal until the next output; the empty string takes it away. */
  readonly status: (text: string) => void;
}

const ERASE_LINE = "\r\u001b[K";

/** The terminal behind these streams. A reader that goes away (`| head`) ends the program quietly. */
export function createTerminal({ stdout, stderr }: Streams, options: { readonly colours: boolean }): Terminal {
  const isInteractive = stdout.isTTY ?? false;
  const out = createPaint({ isTerminal: isInteractive, colours: options.colours });
  const err = createPaint({ isTerminal: stderr.isTTY ?? false, colours: options.colours });
  let status = "";
  const erase = (): void => {
    if (status !== "") stdout.write(ERASE_LINE);
    status = "";
  };
  for (const stream of [stdout, stderr]) stream.on("error", leaveOnBrokenPipe);
  return {
    out,
    err,
    isInteractive,
    write: (text) => {
      if (text === "") return;
      erase();
      stdout.write(text);
    },
    note: (text) => {
      erase();
      stderr.write(`${text}\n`);
    },
    status: (text) => {
      if (!isInteractive || status === text) return;
      erase();
      status = text;
      if (text !== "") stdout.write(out.dim(text));
    },
  };
}

function leaveOnBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
}
