import { defineConfig } from "vitest/config";

const never = ["**/node_modules/**", "**/dist/**", "services/rehearsal/apps/**"];

// Most test files take a millisecond: one isolated process for each would cost far more than the tests.
// Tests that start brokers and services are few and slow, and two of them fill two cores: they come last, alone.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          sequence: { groupOrder: 1 },
          include: ["{contracts,deploy}/**/*.test.ts", "{libs,services}/**/*.test.{ts,tsx}"],
          exclude: [...never, "services/shell/test/browser/**"],
          pool: "forks",
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "structure",
          sequence: { groupOrder: 0 },
          include: ["tests/structure/**/*.test.ts"],
          exclude: never,
          pool: "threads",
          isolate: false,
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: "integration",
          sequence: { groupOrder: 2 },
          include: ["tests/integration/**/*.test.ts"],
          exclude: never,
          pool: "forks",
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "hostile",
          maxConcurrency: 2,
          sequence: { groupOrder: 4 },
          include: ["tests/hostile/*.test.ts"],
          exclude: never,
          pool: "forks",
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "endurance",
          sequence: { groupOrder: 5 },
          include: ["tests/hostile/endurance/**/*.test.ts"],
          exclude: never,
          pool: "forks",
          maxWorkers: 1,
          testTimeout: 1_500_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "browser",
          sequence: { groupOrder: 3 },
          include: ["tests/browser/**/*.test.ts", "services/shell/test/browser/**/*.test.ts"],
          exclude: never,
          pool: "forks",
          maxWorkers: 1,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
    coverage: {
      provider: "v8",
      // The integration tests run the services in processes of their own.
      autoAttachSubprocess: true,
      include: ["contracts/src/**/*.ts", "libs/*/src/**/*.ts", "services/*/src/**/*.ts", "deploy/**/*.ts"],
      // Left out: what only starts something, what fetches from outside (each setup runs it for real).
      exclude: [
        "**/*.test.ts",
        "**/main.ts",
        "**/node_modules/**",
        "services/rehearsal/apps/**",
        // React hooks and what starts the page: tests/browser runs them in Chromium.
        "services/shell/src/**/use-*.ts",
        "deploy/{generate,local/*}.ts",
        "deploy/local/nats-server/from-*.ts",
      ],
      reporter: ["json-summary", "json", "html"],
      reportsDirectory: "coverage",
      reportOnFailure: true,
    },
  },
});
