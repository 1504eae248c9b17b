import { Visitor } from "oxc-parser";

import { findCodeLines, isTest, lineAt, type Problem, type SourceFile, type Span } from "../source-file.ts";

/** Lines of code, without blank lines and comments. */
export const limits = { fileLines: 300, functionLines: 60, parameters: 3 } as const;

/** File and function sizes, counted apart from the linter. Test files may have long functions (`describe`). */
export function checkSizes(file: SourceFile): Problem[] {
  const codeLines = findCodeLines(file);
  const fileLines = codeLines.filter(Boolean).length;
  const problems: Problem[] = [];
  if (fileLines > limits.fileLines) {
    problems.push({ path: file.path, line: 1, message: `${fileLines} lines of code, at most ${limits.fileLines}` });
  }
  for (const { start, end, parameters } of findFunctions(file)) {
    const line = lineAt(file.text, start);
    const lines = codeLines.slice(line - 1, lineAt(file.text, end)).filter(Boolean).length;
    if (lines > limits.functionLines && !isTest(file.path)) {
      problems.push({
        path: file.path,
        line,
        message: `a function of ${lines} lines, at most ${limits.functionLines}`,
      });
    }
    if (parameters > limits.parameters) {
      problems.push({
        path: file.path,
        line,
        message: `${parameters} parameters, at most ${limits.parameters}: then an options object`,
      });
    }
  }
  return problems;
}

interface FunctionSpan extends Span {
  readonly parameters: number;
}

interface FunctionNode extends Span {
  readonly params: readonly unknown[];
}

function findFunctions(file: SourceFile): FunctionSpan[] {
  const found: FunctionSpan[] = [];
  const note = ({ start, end, params }: FunctionNode): void => {
    found.push({ start, end, parameters: params.length });
  };
  new Visitor({ FunctionDeclaration: note, FunctionExpression: note, ArrowFunctionExpression: note }).visit(
    file.program,
  );
  return found;
}
