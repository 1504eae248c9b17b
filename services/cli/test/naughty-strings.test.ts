import { expect, test } from "vitest";
import { acceptMessages, postedTo, startFakeGateway } from "./fake-gateway.ts";
import { runCli } from "./run-cli.ts";

const strings = [
  "undefined null NaN \\x00 %s %n {0} ${HOME} $(id) `id`",
  '\'; DROP TABLE users; -- "quoted" \\\\back\\slashes\\',
  "<script>alert(1)</script> &amp; ]]> <!-- ",
  "Ω≈ç√∫ ÅÍÎÏ 田中さん 社會科學 ﷽ الكلام עברית",
  "👩‍👩‍👧‍👦 🇩🇪 ✋🏿 1️⃣ 𝕋𝕙𝕖 Z̸̢͝a҉l̨g̕o",
  "\u200b\u200d\ufeff\u2028\u2029\u202e\u2066 zero widths and directions",
  "\u001b[2J\u001b]52;c;ZXZpbA==\u0007 \u009b31m \u0007\b\u007f",
  "tab\there\r\nCRLF\rCR\u000b\f  trailing  \n\n",
  "data: x\n\nid: 9.9\nevent: finished\ndata: {}\n\n",
  "--help",
  "-",
  "a".repeat(20_000),
];

test.each(strings.entries().toArray())("string %i goes in and comes out unchanged", async (_number, text) => {
  await using gateway = await startFakeGateway();
  acceptMessages(gateway, (stream) => {
    for (const [number, character] of Array.from(text.slice(0, 200)).entries()) stream.delta(1, number, character);
    stream.event("1.4", { type: "text", step: 1, text });
    stream.finish("1.5", { text });
  });
  const plain = await runCli(["send", "-"], { url: gateway.url, input: text });
  expect(plain).toMatchObject({ code: 0, stderr: "" });
  expect(plain.stdout.trim()).toBe(text.trim());
  const json = await runCli(["send", "--json", "--", `${text} `], { url: gateway.url });
  const last = JSON.parse(json.stdout.trimEnd().split("\n").at(-1) ?? "") as { text: string };
  expect(last.text).toBe(text);
  expect(postedTo(gateway).map((post) => post["text"])).toEqual([text, `${text} `]);
});
