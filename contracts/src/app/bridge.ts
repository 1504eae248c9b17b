import { z } from "zod";

/** Longest key and value of an app's key-value storage. */
export const MAX_KEY_LENGTH = 200;
/** JSON characters of one stored value. */
export const MAX_VALUE_LENGTH = 200_000;
/** Requests that one app may have under way; more are refused. */
export const MAX_PENDING_REQUESTS = 64;

const sqlValue = z.union([z.string(), z.number(), z.null(), z.boolean()]);

/** A statement with its parameters; values never stand in the text. */
export const sqlStatement = z.object({
  text: z.string().min(1).max(20_000),
  parameters: z.array(sqlValue).max(200).default([]),
});

/** What an app may ask over its message port. Every request is answered with its `id`. */
export const bridgeRequest = z.discriminatedUnion("do", [
  z.object({ id: z.number().int(), do: z.literal("storage.get"), key: z.string().min(1).max(MAX_KEY_LENGTH) }),
  z.object({
    id: z.number().int(),
    do: z.literal("storage.set"),
    key: z.string().min(1).max(MAX_KEY_LENGTH),
    value: z.unknown(),
  }),
  z.object({ id: z.number().int(), do: z.literal("storage.delete"), key: z.string().min(1).max(MAX_KEY_LENGTH) }),
  z.object({ id: z.number().int(), do: z.literal("storage.keys") }),
  z.object({ id: z.number().int(), do: z.literal("sql.query"), statement: sqlStatement }),
  z.object({ id: z.number().int(), do: z.literal("files.read"), path: z.string().max(1_000) }),
  z.object({
    id: z.number().int(),
    do: z.literal("files.write"),
    path: z.string().max(1_000),
    content: z.string().max(MAX_VALUE_LENGTH),
  }),
  z.object({ id: z.number().int(), do: z.literal("files.list"), path: z.string().max(1_000) }),
  z.object({ id: z.number().int(), do: z.literal("notify"), title: z.string().max(80), body: z.string().max(300) }),
  z.object({ id: z.number().int(), do: z.literal("ask"), text: z.string().min(1).max(4_000) }),
  /** Something broke inside the app; the shell shows it and offers to have it mended. */
  z.object({
    id: z.number().int(),
    do: z.literal("report"),
    message: z.string().max(2_000),
    source: z.string().max(500),
  }),
  /** State the app wants back after its files changed and it was loaded again. */
  z.object({ id: z.number().int(), do: z.literal("keep"), state: z.unknown() }),
]);

/** What the shell tells an app over its message port. */
export const bridgeMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), app: z.string(), theme: z.enum(["light", "dark"]), kept: z.unknown() }),
  z.object({ type: z.literal("answer"), id: z.number().int(), value: z.unknown() }),
  z.object({ type: z.literal("refusal"), id: z.number().int(), code: z.string(), message: z.string() }),
  z.object({ type: z.literal("theme"), theme: z.enum(["light", "dark"]) }),
]);

/** A request of an app. */
export type BridgeRequest = z.infer<typeof bridgeRequest>;
/** A message to an app. */
export type BridgeMessage = z.infer<typeof bridgeMessage>;
