import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { text, toolUse } from "../src/messages/answers.ts";
import { isAlive } from "../src/process-tree.ts";
import { startMessagesServer } from "../src/start-messages-server.ts";
import { startSystem } from "../src/start-system.ts";

describe("a system started by a test", { timeout: 60_000 }, () => {
  it("answers with a scripted model, survives the death of all its processes, and leaves nothing behind", async () => {
    await using model = await startMessagesServer([
      toolUse({ name: "write_file", input: { path: "notes/a.md", content: "kept" } }),
      text("Written."),
    ]);
    const seen: number[] = [];
    const folders: string[] = [];
    {
      await using system = await startSystem({
        env: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "k", MATRIX_MODEL: "scripted-1" },
      });
      folders.push(system.home, system.state);
      const { session, answer } = await system.send("write a note");
      expect(answer).toMatchObject({
        status: "done",
        text: "Written.",
        steps: [{ tool: "write_file", state: "done" }],
      });
      seen.push(...system.pids());
      await system.killAll();
      expect(seen.filter(isAlive)).toEqual([]);
      await system.restart();
      model.play([text("Still here.")]);
      expect((await system.send("and now?", session)).answer).toMatchObject({ status: "done", text: "Still here." });
      seen.push(...system.pids());
      await system.stop();
    }
    expect(seen.length).toBeGreaterThan(6);
    expect(seen.filter(isAlive)).toEqual([]);
    expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
  });
});
