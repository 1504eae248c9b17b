import { z } from "zod";

const block = z.looseObject({ type: z.string() });
const message = z.object({
  role: z.enum(["user", "assistant"]),
  content: z.union([z.string().min(1), z.array(block).min(1)]),
});

const messagesRequest = z.looseObject({
  model: z.string().min(1),
  max_tokens: z.number().int().positive(),
  stream: z.boolean().default(false),
  system: z.union([z.string(), z.array(block)]).optional(),
  tools: z
    .array(z.looseObject({ name: z.string(), input_schema: z.looseObject({ type: z.literal("object") }) }))
    .optional(),
  messages: z.array(message).min(1),
});

/** A call of the Messages API. */
export type MessagesRequest = z.infer<typeof messagesRequest>;
type Block = z.infer<typeof block>;

/** The call, or why the real API would refuse it. */
export function checkRequest(json: string): { readonly body: MessagesRequest; readonly problem?: string } {
  const parsed = messagesRequest.safeParse(parse(json));
  const body = parsed.data ?? ({ messages: [] } as unknown as MessagesRequest);
  if (!parsed.success) return { body, problem: z.prettifyError(parsed.error) };
  if ("thread" in body || "thread_id" in body) return { body, problem: "thread: this server keeps no threads" };
  const problem = findProblem(body.messages);
  return problem === undefined ? { body } : { body, problem };
}

/** Why a conversation is not valid for the Messages API, if it is not. */
export function findProblem(messages: MessagesRequest["messages"]): string | undefined {
  let asked: string[] = [];
  const seen = new Set<string>();
  for (const [index, { role, content }] of messages.entries()) {
    const blocks = typeof content === "string" ? [{ type: "text", text: content }] : content;
    const problem = findMessageProblem({ role, blocks, wanted: index % 2 === 0 ? "user" : "assistant", asked });
    if (problem !== undefined) return `messages.${index}: ${problem}`;
    asked = blocks.filter(({ type }) => type === "tool_use").map((call) => String(call["id"]));
    if (asked.some((id) => seen.has(id)) || new Set(asked).size < asked.length)
      return `messages.${index}: tool_use ids must be unique`;
    for (const id of asked) seen.add(id);
  }
  return messages.at(-1)?.role === "user" ? undefined : "the conversation must end with a user message";
}

interface Checked {
  readonly role: string;
  readonly wanted: string;
  readonly blocks: readonly Block[];
  /** Tool calls of the message before, each of which needs its result here. */
  readonly asked: readonly string[];
}

function findMessageProblem({ role, wanted, blocks, asked }: Checked): string | undefined {
  if (role !== wanted) return `roles must alternate: ${wanted} was expected`;
  if (blocks.some(({ type, text }) => type === "text" && String(text).trim() === ""))
    return "text content blocks must be non-empty";
  if (role === "user" && blocks.some(({ type }) => type === "tool_use"))
    return "tool_use belongs into assistant messages";
  if (role === "assistant" && blocks.some(({ type }) => type === "tool_result"))
    return "tool_result belongs into user messages";
  if (blocks.some((call) => call.type === "tool_use" && !isObject(call["input"])))
    return "the input of a tool_use must be an object";
  const answered = blocks.filter(({ type }) => type === "tool_result").map((result) => String(result["tool_use_id"]));
  const missing = asked.find((id) => !answered.includes(id));
  if (missing !== undefined) return `tool_use ${missing} has no tool_result in the next message`;
  const stray = answered.find((id, index) => !asked.includes(id) || answered.indexOf(id) !== index);
  return stray === undefined ? undefined : `tool_result ${stray} answers no tool_use, or is there twice`;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
