import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import type { Issue } from "../../base/issue.ts";
import { defineCommand } from "../command.ts";
import { databaseFlags } from "../database.ts";
import { issueText } from "../issue-text.ts";
import { validateConfig, validateConfigOutput } from "../validate-config.ts";

export const command = defineCommand({
  path: "validate-config",
  summary: "Check the configuration and the migration files without connecting to anything",
  options: z.object({
    ...databaseFlags,
    migrationsPath: z
      .string()
      .optional()
      .describe("Directory of the migration files; by default db/migrations"),
    migrationsDir: z.string().optional().describe("The same, as the other commands call it"),
    strict: z.boolean().optional().describe("Warnings make it invalid as well"),
  }),
  output: validateConfigOutput,
  run: async ({ cwd, environment }, { databaseUrl, migrationsPath, migrationsDir, ...options }) => {
    if ((migrationsPath ?? migrationsDir) !== (migrationsDir ?? migrationsPath)) {
      throw new ConfitureError("CONFIG_008", "--migrations-path and --migrations-dir name two directories");
    }
    const path = migrationsPath ?? migrationsDir;
    return await validateConfig({ ...options, flag: databaseUrl, migrationsPath: path, cwd, environment });
  },
  text: ({ valid, config_source, migrations_path, migration_count, issues }) =>
    [
      ...issues.map(issueText),
      valid
        ? `Valid: the database is named by ${NAMED_BY[config_source]}, ${migrations_path} holds ${migration_count} migration(s)`
        : `Not valid: ${countOf(issues, "error")} error(s), ${countOf(issues, "warning")} warning(s)`,
    ].join("\n"),
  exit: ({ valid }) => (valid ? 0 : 5),
});

const countOf = (issues: readonly Issue[], wanted: Issue["severity"]) =>
  issues.filter(({ severity }) => severity === wanted).length;

const NAMED_BY = { "yaml-file": "the config file", flags: "--database-url", env: "the environment" };
