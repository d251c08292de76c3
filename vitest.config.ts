import { defineConfig } from "vitest/config";

/** Modules that a test writes are loaded by Node itself, as the CLI loads them. */
const server = { deps: { external: [/\/confiture-test-[^/]+\//] } };
const slow = { testTimeout: 60_000, hookTimeout: 120_000 };
/** What is waited for comes late on a loaded machine, and then it is there. */
const patient = { expect: { poll: { timeout: 20_000 } } };

export default defineConfig({
  test: {
    // Most tests wait for a server, so two cores serve three at once.
    maxWorkers: 3,
    reporters: ["default", "./tests/support/count-reporter.ts"],
    projects: [
      {
        test: {
          name: "unit",
          ...patient,
          server,
          include: ["tests/{unit,guards}/**/*.test.ts"],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "pg",
          include: ["tests/{pg,cli}/**/*.test.ts"],
          globalSetup: "tests/support/cluster.ts",
          server,
          ...patient,
          ...slow,
        },
      },
    ],
  },
});
