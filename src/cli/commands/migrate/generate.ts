import { resolve } from "node:path";
import * as z from "zod";
import { ConfitureError } from "../../../base/errors.ts";
import type { Settings } from "../../../config/environment.ts";
import { schemaInputOf } from "../../../config/feature-settings.ts";
import { resolveSettings } from "../../../config/resolve.ts";
import type { ExternalGenerator } from "../../../migrate/external-generator.ts";
import { generateOutput, type GenerateResult } from "../../../migrate/generate.ts";
import { generateWithSnapshot, type SnapshotRequest } from "../../../workflows/generate.ts";
import { type Context, defineCommand } from "../../command.ts";
import { databaseFlags, inFolder, warnOfDeadKeys } from "../../database.ts";

const { config, env, noConfig } = databaseFlags;

const options = z.object({
  name: z.string().describe("What it does, in lower_case_words"),
  config,
  env,
  noConfig: noConfig.describe("Read no config file"),
  migrationsDir: z.string().default("db/migrations").describe("Directory of the migration files"),
  type: z.enum(["sql", "ts"]).default("sql").describe("An .up.sql and a .down.sql, or one TypeScript module"),
  generator: z.string().optional().describe("Let this program of migration.migration_generators write it"),
  from: z.string().optional().describe("With --generator: the schema before"),
  to: z.string().optional().describe("With --generator: the schema after"),
  snapshot: z
    .boolean()
    .optional()
    .describe("Also keep what the DDL files say, whatever the config file says"),
  noSnapshot: z.boolean().optional().describe("Do not, whatever the config file says"),
  snapshotsDir: z.string().optional().describe("Directory for that; default db/schema_history"),
  dryRun: z.boolean().optional().describe("Say what would be written; write and run nothing"),
});

type Options = z.infer<typeof options>;

export const command = defineCommand({
  path: "migrate generate",
  summary: "Write a new migration: empty, or made by an external program",
  arguments: [{ name: "name", required: true }],
  options,
  output: generateOutput,
  run: async (context, flags) => {
    const { cwd, environment } = context;
    const settings = await resolveSettings({
      config: flags.config,
      env: flags.env,
      noConfig: flags.noConfig,
      cwd,
      environment,
    });
    warnOfDeadKeys(context, settings);
    return generateWithSnapshot(
      {
        name: flags.name,
        migrationsDir: inFolder(cwd, flags.migrationsDir),
        type: flags.type,
        generator: generatorOf(context, flags, settings),
        dryRun: flags.dryRun,
        now: new Date(),
      },
      snapshotOf(context, flags, settings),
    );
  },
  text: ({ status, filepath, down_filepath, snapshot, generator }) => {
    const files = [filepath, down_filepath, snapshot].filter((file) => file !== null);
    if (status === "success") return files.map((file) => `wrote ${file}`).join("\n");
    const runs = generator ? [`would run ${generator.command}`] : [];
    return [...runs, ...files.map((file) => `would write ${file}`)].join("\n");
  },
  notes: ({ warnings }: GenerateResult) => warnings.map((warning) => `warning: ${warning}`),
});

function generatorOf(
  { cwd, environment, signal, log }: Context,
  { generator: id, from, to, dryRun }: Options,
  { migration: { generators }, projectDir }: Settings,
): ExternalGenerator | undefined {
  if (id === undefined) {
    if (from === undefined && to === undefined) return undefined;
    throw new ConfitureError(
      "CONFIG_008",
      "--from and --to are for an external program: name it with --generator",
    );
  }
  if (from === undefined || to === undefined) {
    throw new ConfitureError("CONFIG_008", "--generator needs --from and --to");
  }
  const found = Object.hasOwn(generators, id) ? generators[id] : undefined;
  if (!found) {
    const known = Object.keys(generators).toSorted();
    throw new ConfitureError("CONFIG_008", `there is no generator ${id} in migration.migration_generators`, {
      actionable: known.length > 0 ? `Use one of: ${known.join(", ")}.` : "Add it to the config file.",
      details: { generators: known },
    });
  }
  if (!dryRun) log.info(`running ${id}${found.description === "" ? "" : ` (${found.description})`}`);
  const files = { from: resolve(cwd, from), to: resolve(cwd, to) };
  return { id, command: found.command, ...files, cwd: projectDir, environment, signal };
}

/** By default as the config file says, where there are DDL files at all. */
function snapshotOf(
  { cwd }: Context,
  { snapshot, noSnapshot, snapshotsDir }: Options,
  settings: Settings,
): SnapshotRequest | undefined {
  const schema = schemaInputOf(settings);
  const { snapshotHistory, snapshotsDir: configured } = settings.migration;
  const wanted = snapshot === true || (snapshotHistory && !noSnapshot);
  if (!wanted && snapshotsDir !== undefined) {
    throw new ConfitureError(
      "CONFIG_008",
      "--snapshots-dir is given, but no snapshot is to be written: add --snapshot",
    );
  }
  if (!wanted || (schema === undefined && snapshot !== true)) return undefined;
  const dir = inFolder(cwd, snapshotsDir ?? inProject(cwd, settings.projectDir, configured));
  return { dir, environment: settings.environment, schema };
}

const inProject = (cwd: string, projectDir: string, dir: string): string =>
  projectDir === resolve(cwd) ? dir : resolve(projectDir, dir);
