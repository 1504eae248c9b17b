import type { ScriptedCall } from "@matrix-os/testkit/messages/answers";

/** How injected words reach the model: a file that is planted, a call that brings it, or a message of an app. */
export interface Carrier {
  readonly name: string;
  /** Where the words are planted, with the labels that the file carries; not set: found by the file service as others' work. */
  readonly plant: (payload: string, words: string) => { path: string; content: string; taint?: string[] } | undefined;
  /** The call of an honest task that brings the words; not set: the message itself does. */
  readonly look: (payload: string) => ScriptedCall | undefined;
}

const read = (path: string): ScriptedCall => ({ name: "read_file", input: { path } });

/** All carriers. */
export const carriers: readonly Carrier[] = [
  {
    name: "web page",
    plant: (payload, words) => ({ path: `web/${payload}.md`, content: words, taint: ["web"] }),
    look: (payload) => read(`web/${payload}.md`),
  },
  {
    name: "file",
    plant: (payload, words) => ({ path: `found/${payload}.md`, content: words }),
    look: (payload) => read(`found/${payload}.md`),
  },
  {
    name: "app data",
    plant: (payload, words) => ({ path: `data/shop/${payload}.json`, content: words, taint: ["app"] }),
    look: (payload) => read(`data/shop/${payload}.json`),
  },
  {
    name: "search hit",
    plant: (payload, words) => ({ path: `hits/${payload}.md`, content: `needle-${payload} ${words}` }),
    look: (payload) => ({ name: "search_files", input: { query: `needle-${payload}` } }),
  },
  {
    name: "file name",
    plant: (payload, words) => ({ path: `names/${payload}/${words}`, content: "" }),
    look: (payload) => ({ name: "list_files", input: { path: `names/${payload}` } }),
  },
  { name: "app message", plant: () => undefined, look: () => undefined },
  {
    name: "memory",
    plant: (payload, words) => ({ path: `system/memory/${payload}.md`, content: words, taint: ["web"] }),
    look: (payload) => read(`system/memory/${payload}.md`),
  },
];
