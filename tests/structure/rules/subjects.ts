import { Visitor } from "oxc-parser";

import { isTest, lineAt, type Problem, type SourceFile } from "../source-file.ts";

const subject = /^mx\./;

/** Bus subjects are written in contracts only: a string that starts like one is a mistake anywhere else, tests aside. */
export function checkSubjects(file: SourceFile): Problem[] {
  if (file.path.startsWith("contracts/") || isTest(file.path)) return [];
  const problems: Problem[] = [];
  const note = (start: number, value: string): void => {
    if (!subject.test(value)) return;
    problems.push({
      path: file.path,
      line: lineAt(file.text, start),
      message: `the subject ${value} belongs into contracts/`,
    });
  };
  new Visitor({
    Literal: (node) => {
      if (typeof node.value === "string") note(node.start, node.value);
    },
    TemplateLiteral: (node) => note(node.start, node.quasis[0]?.value.raw ?? ""),
  }).visit(file.program);
  return problems;
}
