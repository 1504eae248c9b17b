import { expect, it } from "vitest";
import { parseConfigFile } from "./config-file.ts";

it("fills in what is not said", () => {
  const defaults = { turnUsd: 2, sessionUsd: 20, dayUsd: 10, steps: 50, toolCalls: 200, minutes: 15 };
  expect(parseConfigFile("{}")).toEqual({ budgets: defaults, prices: {}, queue: { mode: "followup", sessions: {} } });
  expect(parseConfigFile('{"budgets":{"steps":5},"timezone":"Europe/Berlin"}')).toMatchObject({
    budgets: { ...defaults, steps: 5 },
  });
});

it.each([
  ['{"modle":"x"}', "modle"],
  ['{"budgets":{"stepz":1}}', "budgets.stepz"],
  ['{"prices":{"m":{"inputPerMTok":1,"outputPerMTok":1,"x":1}}}', "prices.m.x"],
  ['{"timezone":"Mars/Base"}', "timezone"],
  ['{"budgets":{"minutes":0}}', "budgets.minutes"],
  ['{"queue":{"mode":"hurry"}}', "queue.mode"],
  ['{"queue":{"sessions":{"s_1":"hurry"}}}', "queue.sessions.s_1"],
  ["{", "system/config.json"],
])("refuses %s and names %s", (text, field) => {
  expect(() => parseConfigFile(text)).toThrow(expect.objectContaining({ code: "invalid", field }));
});
