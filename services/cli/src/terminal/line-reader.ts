import { createInterface } from "node:readline";
import type { Streams } from "./streams.ts";

/** What a person did at the prompt: a message (pasted lines are one), Ctrl-C on an empty line, or the end of input. */
export type Entered =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "interrupt" }
  | { readonly kind: "end" };

/** Asks for one message after another. */
export interface LineReader extends Disposable {
  readonly next: (prompt: string) => Promise<Entered>;
}

const MOST_HISTORY = 500;

/** A terminal gets a prompt with editing and history; a pipe is read line by line without a prompt. */
export function createLineReader(streams: Streams): LineReader {
  const isTerminal = streams.stdin.isTTY === true && streams.stdout.isTTY === true;
  return isTerminal ? createTerminalReader(streams) : createPipeReader(streams);
}

// One readline interface a prompt: between prompts the terminal is in its usual mode, where Ctrl-C is a signal.
function createTerminalReader({ stdin, stdout }: Streams): LineReader {
  let history: string[] = [];
  const next = (prompt: string): Promise<Entered> => {
    const { promise, resolve } = Promise.withResolvers<Entered>();
    const reader = createInterface({
      input: stdin,
      output: stdout,
      history,
      historySize: MOST_HISTORY,
      prompt,
    });
    const lines: string[] = [];
    const finish = (entered: Entered): void => {
      resolve(entered);
      reader.close();
    };
    reader.on("history", (entries: string[]) => {
      history = entries;
    });
    reader.on("line", (line) => {
      lines.push(line);
      if (lines.length > 1) return;
      // Lines of a paste come in one piece.
      setImmediate(() => finish({ kind: "text", text: lines.join("\n") }));
    });
    reader.on("SIGINT", () => {
      if (reader.line === "") return finish({ kind: "interrupt" });
      reader.write(null, { ctrl: true, name: "e" });
      reader.write(null, { ctrl: true, name: "u" });
    });
    reader.on("close", () => resolve({ kind: "end" }));
    reader.prompt();
    return promise;
  };
  return { next, [Symbol.dispose]: () => undefined };
}

function createPipeReader({ stdin }: Streams): LineReader {
  const reader = createInterface({ input: stdin, terminal: false });
  const lines = reader[Symbol.asyncIterator]();
  const next = async (): Promise<Entered> => {
    const line = await lines.next();
    return line.done === true ? { kind: "end" } : { kind: "text", text: line.value };
  };
  return { next, [Symbol.dispose]: () => reader.close() };
}
