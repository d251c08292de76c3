import { resolve } from "node:path";
import * as z from "zod";
import { ConfitureError } from "../../../base/errors.ts";
import type { Settings } from "../../../config/environment.ts";
import { schemaInputOf } from "../../../config/feature-settings.ts";
import { resolveSettings } from "../../../config/resolve.ts";
import type { ExternalGenerator } from "../../../migrate/external-generator.ts";
import { generateOutput, type GenerateResult } from "../../../migrate/generate.ts";
import { type FromSchemaOptions, generateFromSchema } from "../../../workflows/generate-from-schema.ts";
import { generateForIntent } from "../../../workflows/generate-for-intent.ts";
import { generateWithSnapshot, type SnapshotRequest } from "../../../workflows/generate.ts";
import { configuredSide } from "../../../workflows/sides/ddl-side.ts";
import { parseSide } from "../../../workflows/sides/parse-side.ts";
import { type Context, defineCommand } from "../../command.ts";
import { openCoordination } from "../../coordination.ts";
import { databaseFlags, inFolder, targetWithoutUrl, warnOfDeadKeys } from "../../database.ts";
import { askNameOf } from "../../rename-question.ts";
import { scratchFlags, scratchOptionsOf } from "../../scratch-flags.ts";
import { planFlags, sideContextOf } from "../../side-flags.ts";

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
  fromSchema: z
    .boolean()
    .optional()
    .describe("Plan the way from the migrations to the DDL files, prove it both ways, and write it"),
  noOnline: z.boolean().optional().describe("With --from-schema: plain DDL, whatever it blocks"),
  allow: z.enum(["data-loss"]).optional().describe("With --from-schema: let it drop what holds rows"),
  ...planFlags,
  ...scratchFlags,
  intent: z
    .string()
    .optional()
    .describe("Write it for this intent, with a version that no other intent gets"),
  databaseUrl: z.string().optional().describe("With --intent: connection string").meta({ short: "d" }),
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
    if (flags.intent === undefined && flags.databaseUrl !== undefined)
      throw new ConfitureError("CONFIG_008", "--database-url is for --intent");
    const settings = await resolveSettings({
      config: flags.config,
      env: flags.env,
      noConfig: flags.noConfig,
      cwd,
      environment,
    });
    if (flags.intent === undefined) warnOfDeadKeys(context, settings);
    const plain = {
      name: flags.name,
      migrationsDir: inFolder(cwd, flags.migrationsDir),
      linear: settings.migration.linear,
      dryRun: flags.dryRun,
      now: new Date(),
    };
    const fromSchema = await fromSchemaOf(context, flags, settings);
    if (fromSchema) return generateFromSchema(plain, fromSchema);
    const wanted = { ...plain, type: flags.type, generator: generatorOf(context, flags, settings) };
    const snapshot = snapshotOf(context, flags, settings);
    if (flags.intent === undefined) return generateWithSnapshot(wanted, snapshot);
    const db = await openCoordination(context, flags, flags.dryRun ? "reads" : "writes");
    return generateForIntent(wanted, snapshot, { db, intentId: flags.intent });
  },
  text: ({ status, filepath, down_filepath, snapshot, generator, parts }) => {
    const pairs = parts.length > 0 ? parts : [{ filepath, down_filepath }];
    const files = [...pairs.flatMap((pair) => [pair.filepath, pair.down_filepath]), snapshot].filter(
      (file) => file !== null,
    );
    if (status === "success") return files.map((file) => `wrote ${file}`).join("\n");
    const runs = generator ? [`would run ${generator.command}`] : [];
    return [...runs, ...files.map((file) => `would write ${file}`)].join("\n");
  },
  notes: ({ warnings }: GenerateResult) => warnings.map((warning) => `warning: ${warning}`),
});

/** The flags of --from-schema, alone. */
async function fromSchemaOf(
  context: Context,
  flags: Options,
  settings: Settings,
): Promise<FromSchemaOptions | undefined> {
  if (!flags.fromSchema) {
    if (flags.noOnline || (flags.allow ?? flags.rename ?? flags.keywords) !== undefined)
      throw new ConfitureError(
        "CONFIG_008",
        "--no-online, --allow, --rename and --keywords are for --from-schema",
      );
    return undefined;
  }
  if ((flags.generator ?? flags.intent) !== undefined || flags.type === "ts" || flags.snapshot)
    throw new ConfitureError(
      "CONFIG_008",
      "--from-schema writes SQL of its own: no --generator, --type ts, --snapshot or --intent",
    );
  const nowhere = { source: "none", url: undefined, embedded: false, settings } as const;
  const place = sideContextOf(context, settings, targetWithoutUrl(context, nowhere, flags));
  const [chain, schema] = [await parseSide("migrations", place), configuredSide(place)];
  return {
    chain,
    schema,
    scratch: scratchOptionsOf(context, flags, settings),
    online: flags.noOnline !== true,
    renames: flags.rename,
    askName: askNameOf(context),
    keywords: flags.keywords,
    allowDataLoss: flags.allow === "data-loss",
  };
}

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
