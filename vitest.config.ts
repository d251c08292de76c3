import { defineConfig } from "vitest/config";

const slow = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    reporters: ["default", "./tests/support/count-reporter.ts"],
    projects: [
      { test: { name: "unit", include: ["tests/{unit,guards}/**/*.test.ts"] } },
      {
        test: {
          name: "pg",
          include: ["tests/{pg,cli}/**/*.test.ts"],
          globalSetup: "tests/support/cluster.ts",
          ...slow,
        },
      },
    ],
  },
});
