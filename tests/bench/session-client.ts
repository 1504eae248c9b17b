import type { BenchSystem } from "./bench-system.ts";

/** A session that is watched over one open event stream. */
export interface SessionClient extends Disposable {
  /** Sends a message and resolves when its turn has finished, with the milliseconds in between. */
  run(text: string): Promise<number>;
}

/** Opens a session with its first turn, then watches it. */
export async function openSession(system: BenchSystem, session: string): Promise<SessionClient> {
  await post(system, session, "hello");
  const closing = new AbortController();
  const waiting = new Map<string, () => void>();
  const finished = new Set<string>();
  const response = await fetch(`${system.url}/api/v1/sessions/${session}/events`, {
    headers: toHeaders(system),
    signal: closing.signal,
  });
  void readFinished(response, (turn) => {
    finished.add(turn);
    waiting.get(turn)?.();
  });
  return {
    run: async (text) => {
      const startedAt = performance.now();
      const turn = await post(system, session, text);
      if (!finished.has(turn)) await new Promise<void>((resolve) => waiting.set(turn, resolve));
      waiting.delete(turn);
      return performance.now() - startedAt;
    },
    [Symbol.dispose]: () => closing.abort(),
  };
}

async function post(system: BenchSystem, session: string, text: string): Promise<string> {
  const response = await fetch(`${system.url}/api/v1/messages`, {
    method: "POST",
    headers: { ...toHeaders(system), "content-type": "application/json" },
    body: JSON.stringify({ text, session }),
  });
  if (response.status !== 202) throw new Error(`not accepted: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { message: string }).message;
}

/** The headers of an authorised request. */
export function toHeaders(system: BenchSystem): Record<string, string> {
  return { authorization: `Bearer ${system.token}` };
}

async function readFinished(response: Response, onFinished: (turn: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const chunk of response.body ?? []) {
      const parts = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n\n");
      rest = parts.pop() ?? "";
      for (const turn of parts.flatMap(toFinishedTurn)) onFinished(turn);
    }
  } catch {
    // Closed by us.
  }
}

function toFinishedTurn(part: string): string[] {
  const data = part.includes("event: finished") ? /^data: (.*)$/m.exec(part)?.[1] : undefined;
  return data === undefined ? [] : [(JSON.parse(data) as { turn: string }).turn];
}
