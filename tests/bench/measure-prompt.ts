import { makeFolders, startBenchSystem, startInstantModel } from "./bench-system.ts";
import { printFigure } from "./figure.ts";
import { openSession } from "./session-client.ts";

const CHARS_PER_TOKEN = 4;

/** System prompt and tool schemas of a plain turn, as the model's server got them (four characters a token). */
export async function measurePrompt(): Promise<void> {
  using folders = makeFolders();
  await using model = await startInstantModel();
  await using system = await startBenchSystem(folders, model.url);
  using session = await openSession(system, "bench-prompt");
  await session.run("ping");
  const { promptChars } = (await (await fetch(`${model.url}/stats`)).json()) as { promptChars: number };
  printFigure({
    figure: "system prompt and tools of a plain turn",
    unit: "tokens",
    value: promptChars / CHARS_PER_TOKEN,
    must: 4_000,
    better: "less",
  });
}
