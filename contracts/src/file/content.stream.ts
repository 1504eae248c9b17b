import { defineStream } from "../define.ts";

/** The bytes of one file on their way in or out, opened by `file.request.send` or `file.request.receive`. */
export const contentStream = defineStream({ id: "file.stream.content", summary: "Bytes of a file in parts" });
