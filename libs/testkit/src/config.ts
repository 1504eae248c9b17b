/** Settings of Matrix OS and of models, and what a test runner adds for itself. */
const notForTests = /^(MATRIX_|ANTHROPIC_|VITEST|NODE_OPTIONS$|SPLIT$|KERNEL$)/;

/** The caller's environment without settings that would change what a test sees. */
export function readPlainEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !notForTests.test(name)));
}
