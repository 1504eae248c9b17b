import { randomUUID } from "node:crypto";

/** A block that a scripted answer holds. `pieces` are what the stream brings one by one. */
export type ScriptedBlock =
  | { readonly type: "text"; readonly pieces: readonly string[] }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly pieces: readonly string[] };

/** Told before each piece; the piece waits until it resolves. The way a test holds a stream in the middle. */
export type Gate = (piece: number) => Promise<void>;

/** What the server does with one call. */
export type ScriptedAnswer =
  | {
      readonly do: "answer";
      readonly blocks: readonly ScriptedBlock[];
      readonly stopReason: string;
      readonly gate?: Gate | undefined;
      /** Ends the connection after so many bytes of the stream. */
      readonly cutAtByte?: number | undefined;
      /** An `event: error` after so many pieces. */
      readonly failAfterPieces?: number | undefined;
      /** Tokens that the request is said to have had. */
      readonly inputTokens?: number | undefined;
    }
  | {
      readonly do: "refuse";
      readonly status: number;
      readonly type: string;
      /** What it says beside; a plain sentence when not set. */
      readonly message?: string | undefined;
      readonly headers: Readonly<Record<string, string>>;
    }
  | {
      /** Says just this, whatever a protocol wants. */
      readonly do: "say";
      readonly type: string;
      readonly body: string;
      /** Says this again and again and never ends. */
      readonly forever?: string;
    }
  | { readonly do: "hang" };

/** A plain answer, in one piece or several. */
export function text(...pieces: string[]): ScriptedAnswer {
  return { do: "answer", blocks: [{ type: "text", pieces }], stopReason: "end_turn" };
}

/** A tool that the model asks for. */
export interface ScriptedCall {
  readonly name: string;
  readonly input: unknown;
  readonly id?: string;
  /** In how many pieces the JSON of its input comes. */
  readonly pieces?: number;
}

/** Tool calls, side by side in one answer. */
export function toolUse(...calls: ScriptedCall[]): ScriptedAnswer {
  const blocks = calls.map(({ id, name, input, pieces = 1 }) => ({
    type: "tool_use" as const,
    id: id ?? `toolu_${randomUUID().replaceAll("-", "")}`,
    name,
    pieces: cut(JSON.stringify(input), pieces),
  }));
  return { do: "answer", blocks, stopReason: "tool_use" };
}

/** Any answer, each piece of which waits for the test. */
export function gated(answer: ScriptedAnswer, gate: Gate): ScriptedAnswer {
  return answer.do === "answer" ? { ...answer, gate } : answer;
}

/** Any answer, said to have cost so many tokens of input. */
export function costing(inputTokens: number, answer: ScriptedAnswer): ScriptedAnswer {
  return answer.do === "answer" ? { ...answer, inputTokens } : answer;
}

/** 529 before anything is streamed. */
export const overloaded: ScriptedAnswer = { do: "refuse", status: 529, type: "overloaded_error", headers: {} };

/** 429; with seconds it names when to come again, without it is a spend limit. */
export function rateLimited(retryAfterSeconds?: number): ScriptedAnswer {
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  return { do: "refuse", status: 429, type: "rate_limit_error", headers };
}

/** Any other refusal, in the words given. */
export function refused(status: number, type: string, message?: string): ScriptedAnswer {
  return { do: "refuse", status, type, message, headers: {} };
}

/** Begins to answer and then is overloaded: an error inside a stream that began with 200. */
export function overloadedMidStream(afterPieces: number, ...pieces: string[]): ScriptedAnswer {
  return { do: "answer", blocks: [{ type: "text", pieces }], stopReason: "end_turn", failAfterPieces: afterPieces };
}

/** The connection breaks at a byte of the stream. */
export function cutAt(byte: number, answer: ScriptedAnswer): ScriptedAnswer {
  return answer.do === "answer" ? { ...answer, cutAtByte: byte } : answer;
}

/** Answers 200 with whatever this is. */
export function says(type: string, body: string): ScriptedAnswer {
  return { do: "say", type, body };
}

/** An event stream of nothing but signs of life. */
export const pingsForEver: ScriptedAnswer = {
  do: "say",
  type: "text/event-stream",
  body: "",
  forever: 'event: ping\ndata: {"type":"ping"}\n\n',
};

/** Accepts the call and never says anything. */
export const hang: ScriptedAnswer = { do: "hang" };

function cut(json: string, pieces: number): string[] {
  const length = Math.max(1, Math.ceil(json.length / pieces));
  return Array.from({ length: Math.ceil(json.length / length) }, (_, index) =>
    json.slice(index * length, (index + 1) * length),
  );
}
