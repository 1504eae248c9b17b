/** A long proof in parts: each part is one run of a test file, at most 25 minutes. */
export interface Suite {
  readonly parts: number;
  readonly project: "hostile" | "endurance";
  readonly file: string;
  /** What one part plays, as the test file reads it. */
  readonly environment: (part: number) => Readonly<Record<string, string>>;
}

const POINTS_IN_PART = 200;

/** Every suite by its name, as `SUITE=` takes it. */
export const suites: Readonly<Record<string, Suite>> = {
  points: {
    parts: 8,
    project: "hostile",
    file: "tests/hostile/kill-points.test.ts",
    environment: (part) => ({ POINTS: String(POINTS_IN_PART), POINTS_FROM: String(part * POINTS_IN_PART) }),
  },
  schedules: {
    parts: 10,
    project: "hostile",
    file: "tests/hostile/schedules.test.ts",
    environment: () => ({ SCHEDULES: "100" }),
  },
  wipes: { parts: 3, project: "hostile", file: "tests/hostile/wipes.test.ts", environment: () => ({ WIPES: "100" }) },
  zombies: {
    parts: 3,
    project: "hostile",
    file: "tests/hostile/zombies.test.ts",
    environment: () => ({ ZOMBIES: "100" }),
  },
  bugs: { parts: 1, project: "hostile", file: "tests/hostile/planted-bugs.test.ts", environment: () => ({}) },
  guards: { parts: 1, project: "hostile", file: "tests/hostile/removed-guards.test.ts", environment: () => ({}) },
  power: {
    parts: 3,
    project: "endurance",
    file: "tests/hostile/endurance/power-loss.test.ts",
    environment: (part) => ({ PLAN: ["plain", "look", "falter"][part] ?? "plain" }),
  },
  burst: { parts: 1, project: "endurance", file: "tests/hostile/endurance/burst.test.ts", environment: () => ({}) },
  soak: {
    parts: 3,
    project: "endurance",
    file: "tests/hostile/endurance/soak.test.ts",
    environment: () => ({ SOAK_MINUTES: "10" }),
  },
};
