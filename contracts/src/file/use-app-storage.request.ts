import { z } from "zod";
import { MAX_KEY_LENGTH, MAX_VALUE_LENGTH } from "../app/bridge.ts";
import { appName } from "../app/manifest.ts";
import { defineRequest } from "../define.ts";

const key = z.string().min(1).max(MAX_KEY_LENGTH);

const request = z.object({
  app: appName,
  operation: z.discriminatedUnion("do", [
    z.object({ do: z.literal("get"), key }),
    z.object({ do: z.literal("set"), key, json: z.string().max(MAX_VALUE_LENGTH) }),
    z.object({ do: z.literal("delete"), key }),
    z.object({ do: z.literal("keys") }),
  ]),
});

const reply = z.object({ json: z.string().optional(), keys: z.array(z.string()).optional() });

/** The key-value storage of one app, kept in its own database; a value is durable when it answers. Errors: `too-large`, `not-found` (no such app). */
export const useAppStorageRequest = defineRequest({
  id: "file.request.use-app-storage",
  summary: "Read or write an app's key-value storage",
  request,
  reply,
  example: { request: { app: "water", operation: { do: "get", key: "days" } }, reply: { json: "[]" } },
});
