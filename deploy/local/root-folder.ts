import { resolve } from "node:path";

/** The folder that holds the whole tree. */
export const rootFolder = resolve(import.meta.dirname, "../..");
