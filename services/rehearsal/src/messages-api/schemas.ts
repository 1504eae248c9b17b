import { z } from "zod";

const requiredFields: Record<string, string[]> = {
  text: ["text"],
  tool_use: ["id", "name", "input"],
  tool_result: ["tool_use_id"],
};

const toolResultContent = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
]);

const contentBlock = z
  .looseObject({
    type: z.string(),
    text: z.string().optional(),
    id: z.string().optional(),
    name: z.string().optional(),
    input: z.record(z.string(), z.unknown()).optional(),
    tool_use_id: z.string().optional(),
    content: toolResultContent.optional(),
    is_error: z.boolean().nullish(),
  })
  .check(({ value, issues }) => {
    for (const field of requiredFields[value.type] ?? []) {
      if (value[field] === undefined)
        issues.push({ code: "custom", path: [field], message: "Field required", input: value });
    }
  });

const message = z.looseObject({
  role: z.enum(["user", "assistant", "system"]),
  content: z.union([z.string(), z.array(contentBlock)]),
});

const promptFields = {
  model: z.string(),
  messages: z.array(message).min(1),
  system: z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]).optional(),
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
  tool_choice: z.looseObject({ type: z.string() }).optional(),
  thread: z.undefined({ error: "this server keeps no threads; send the whole conversation" }).optional(),
};

/** Body of `POST /v1/messages`. Fields this model has no use for are accepted and ignored. */
export const messagesRequest = z.looseObject({
  ...promptFields,
  max_tokens: z.int().positive(),
  stream: z.boolean().optional(),
});

/** Body of `POST /v1/messages/count_tokens`. */
export const countTokensRequest = z.looseObject(promptFields);

/** What of a request is read by the model. */
export type Prompt = z.infer<typeof countTokensRequest>;
/** One message of a conversation. */
export type Message = z.infer<typeof message>;
/** One block of a message's content. */
export type ContentBlock = z.infer<typeof contentBlock>;
