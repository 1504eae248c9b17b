import Anthropic from "@anthropic-ai/sdk";
import { createTools, memoryStore, runTool } from "./home.ts";
import type { FileStore } from "./home.ts";

type Message = Anthropic.MessageParam;

/** One running conversation with the server, over the official client, streamed. */
export interface Talk {
  messages: Message[];
  files: Map<string, string>;
  /** Says something and runs tools until the answer is final; returns its text. */
  say(text: string): Promise<string>;
  /** One request; appends the answer and the tool results. True while the turn goes on. */
  step(): Promise<boolean>;
}

/** Settings of a conversation; by default all tools over an empty map of files. */
export interface TalkOptions {
  url: string;
  files?: Map<string, string>;
  store?: FileStore;
  toolNames?: string[];
}

const allTools = [
  "read_file",
  "write_file",
  "edit_file",
  "list_files",
  "search_files",
  "move_file",
  "delete_file",
  "undo",
  "remember",
];

/** A client that speaks to the given server with a made-up key. */
export function createClient(url: string): Anthropic {
  return new Anthropic({ baseURL: url, apiKey: "not-a-key", maxRetries: 0 });
}

/** Starts a conversation. */
export function createTalk({
  url,
  files = new Map(),
  store = memoryStore(files),
  toolNames = allTools,
}: TalkOptions): Talk {
  const client = createClient(url);
  const tools = createTools(store);
  const definitions = toolNames.map((name) => ({ name, description: name, input_schema: { type: "object" as const } }));
  const messages: Message[] = [];

  const step = async (): Promise<boolean> => {
    const stream = client.messages.stream({ model: "rehearsal-1", max_tokens: 32_000, messages, tools: definitions });
    const { content, stop_reason: stopReason } = await stream.finalMessage();
    messages.push({ role: "assistant", content });
    if (stopReason !== "tool_use") return false;
    const results: Anthropic.ToolResultBlockParam[] = [];
    for (const block of content) {
      if (block.type !== "tool_use") continue;
      const { text, isError } = await runTool(tools, block);
      results.push({ type: "tool_result", tool_use_id: block.id, content: text, is_error: isError });
    }
    messages.push({ role: "user", content: results });
    return true;
  };

  const say = async (text: string): Promise<string> => {
    messages.push({ role: "user", content: text });
    for (let steps = 0; await step(); steps++) if (steps > 12) throw new Error("the turn does not end");
    return textOf(messages.at(-1) ?? { role: "assistant", content: "" });
  };

  return { messages, files, say, step };
}

/** The text of an assistant message. */
function textOf({ content }: Message): string {
  if (typeof content === "string") return content;
  return content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
}
