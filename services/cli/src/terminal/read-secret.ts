import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Streams } from "./streams.ts";

/** A secret from standard input, one final line break aside; on a terminal it is asked for and not shown. Empty when there is none. */
export async function readSecret(streams: Streams, prompt: string): Promise<string> {
  const entered = streams.stdin.isTTY === true ? await ask(streams, prompt) : await text(streams.stdin);
  return entered.replace(/\r?\n$/, "");
}

/** What is typed goes nowhere: the editor of the line writes into the void. */
async function ask({ stdin, stderr }: Streams, prompt: string): Promise<string> {
  stderr.write(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: stdin, output: nowhere, terminal: true, historySize: 0 });
  const { promise, resolve } = Promise.withResolvers<string>();
  reader
    .once("line", resolve)
    .once("SIGINT", () => resolve(""))
    .once("close", () => resolve(""));
  const entered = await promise;
  reader.close();
  stderr.write("\n");
  return entered;
}
