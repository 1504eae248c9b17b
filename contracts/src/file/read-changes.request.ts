import { z } from "zod";
import { defineRequest } from "../define.ts";
import { change, writtenEvent } from "./written.event.ts";

const request = z.object({
  after: z.number().int().nonnegative(),
  limit: z.number().int().min(1).max(200).default(100),
});

const reply = z.object({
  changes: z.array(change),
  /** The number of the newest change. */
  newest: z.number().int().nonnegative(),
  /** True when changes after `after` are no longer kept: the listener must look at the files again. */
  gap: z.boolean(),
});

/** The changes after a number, oldest first: how a shell resumes without loss or repeat. */
export const readChangesRequest = defineRequest({
  id: "file.request.read-changes",
  summary: "Replay numbered changes of the home",
  request,
  reply,
  example: { request: { after: 0, limit: 100 }, reply: { changes: [writtenEvent.example], newest: 1, gap: false } },
});
