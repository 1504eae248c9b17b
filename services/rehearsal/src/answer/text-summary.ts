/** An extract of a text: its headings, the first sentences of its paragraphs, and its size. Never longer than ~12 lines. */
export function summaryOfText(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const headings = lines.filter((line) => /^#{1,6}\s/.test(line)).map((line) => line.replace(/^#+\s*/, ""));
  const items = lines.filter((line) => /^(?:[-*+]|\d+[.)])\s/.test(line));
  const paragraphs = text
    .split(/\n\s*\n|\n(?=#)/)
    .map((part) => part.replace(/^#{1,6}\s[^\n]*\n?/gm, "").trim())
    .filter((part) => part !== "" && !/^(?:[-*+]|\d+[.)])\s/.test(part));
  const sentences = paragraphs.slice(0, 4).map((part) => `- ${firstSentence(part)}`);
  const words = text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return [
    ...(headings.length > 0 ? [`Headings: ${headings.slice(0, 8).join(" · ")}`] : []),
    ...sentences,
    ...(items.length > 0
      ? [
          `List: ${items
            .slice(0, 5)
            .map((item) => item.replace(/^\S+\s+/, ""))
            .join(", ")}${items.length > 5 ? ` and ${items.length - 5} more` : ""}`,
        ]
      : []),
    `${words} words, ${lines.filter((line) => line !== "").length} lines.`,
  ].join("\n");
}

function firstSentence(paragraph: string): string {
  const joined = paragraph.replace(/\s+/g, " ");
  const sentence = /^.+?[.!?](?=\s|$)/.exec(joined)?.[0] ?? joined;
  return sentence.length <= 240 ? sentence : `${sentence.slice(0, 239)}…`;
}
