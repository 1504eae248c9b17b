/** Settings of Matrix OS and of models, and what a test runner adds for itself. */
const notForTests = /^(MATRIX_|ANTHROPIC_|VITEST|NODE_OPTIONS$|SPLIT$|KERNEL$)/;

/** The caller's environment without settings that would change what a test sees. */
export function readPlainEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !notForTests.test(name)));
}

/** The least that a process of a test needs from its caller: where programs are, and while coverage is measured, where to write it. */
export function readBareEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name === "PATH" || name === "NODE_V8_COVERAGE"),
  );
}
