import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import type { Settings } from "../config/environment.ts";
import { resolveSettings } from "../config/resolve.ts";
import type { ChangeRequest } from "../workflows/coordinate/register.ts";
import { type Change, changeBetween, readChange } from "../workflows/coordinate/change.ts";
import { configuredSide } from "../workflows/sides/ddl-side.ts";
import { liveSide } from "../workflows/sides/live-side.ts";
import { parseSide } from "../workflows/sides/parse-side.ts";
import type { Side } from "../workflows/sides/side.ts";
import type { Context } from "./command.ts";
import { coordinationFlags, durationOf } from "./coordination.ts";
import { inFolder, resolveFlags, targetWithoutUrl, urlOf } from "./database.ts";
import { SIDE } from "./diff-command.ts";
import { scratchFlags, scratchOptionsOf } from "./scratch-flags.ts";
import { sideContextOf } from "./side-flags.ts";

/** Flags of the commands that say what an agent will change. */
export const changeFlags = {
  agentId: z.string().describe("Who will change it"),
  featureName: z.string().describe("What for"),
  schemaChanges: z.array(z.string()).optional().describe("SQL, or an .sql file; repeatable"),
  migration: z
    .array(z.string())
    .optional()
    .describe("Version of a migration file whose way up is meant; repeatable"),
  fromDiff: z
    .boolean()
    .optional()
    .describe("What the DDL files say beyond the migrations, as `migrate generate` would write it"),
  migrationsDir: z.string().default("db/migrations").describe("Directory of the migration files"),
  ...scratchFlags,
  ...coordinationFlags,
};

/** Flags of what is remembered with it. */
export const registrationFlags = {
  tablesAffected: z.string().optional().describe("Tables, with commas between; by default as the SQL says"),
  riskLevel: z.enum(["low", "medium", "high"]).default("low").describe("For whoever reads it"),
  estimatedHours: z.coerce.number().min(0).default(0).describe("How long it will take"),
  metadata: z.string().optional().describe("More to remember, as a JSON object"),
  ttl: z
    .string()
    .optional()
    .describe("How long the intent counts without a heartbeat, e.g. 90, 30m, 8h, 2d (default: 8h)"),
};

const options = z.object(changeFlags);
type Options = z.infer<typeof options>;

const registration = z.object(registrationFlags);

/** What a registration or a check is about. Throws CONFIG_008, and what `readChange` and `changeBetween` throw. */
export async function changeRequestOf(context: Context, given: Options): Promise<ChangeRequest> {
  const settings = await projectSettings(context, given);
  const scratch = scratchOptionsOf(context, given, settings);
  const schema = schemaSideOf(context, settings, given);
  return {
    agentId: given.agentId,
    featureName: given.featureName,
    change: await changeNamed(context, settings, given),
    schema,
    scratch,
  };
}

/** What is remembered with a registration. Throws CONFIG_008. */
export const remembered = (given: z.infer<typeof registration>) => ({
  ...(given.tablesAffected === undefined
    ? {}
    : { tablesAffected: given.tablesAffected.split(",").map((name) => name.trim()) }),
  riskLevel: given.riskLevel,
  estimatedHours: given.estimatedHours,
  metadata: metadataOf(given.metadata),
  ttlMs: durationOf("--ttl", given.ttl),
});

/** What the config file says, wherever the coordination lies. */
export const projectSettings = (
  { cwd, environment }: Context,
  { config, env, noConfig }: Pick<Options, "config" | "env" | "noConfig">,
): Promise<Settings> => resolveSettings({ config, env, noConfig, cwd, environment });

async function changeNamed(context: Context, settings: Settings, given: Options): Promise<Change> {
  const named = [given.schemaChanges, given.migration, given.fromDiff].filter((one) => one !== undefined);
  if (named.length !== 1)
    throw new ConfitureError("CONFIG_008", "give one of --schema-changes, --migration and --from-diff");
  if (given.fromDiff === true) {
    const place = placeOf(context, settings, given);
    const scratch = { scratch: scratchOptionsOf(context, given, settings) };
    return changeBetween(await parseSide("migrations", place), configuredSide(place), scratch);
  }
  return readChange({
    sql: given.schemaChanges,
    migrations: given.migration,
    migrationsDir: inFolder(context.cwd, given.migrationsDir),
    cwd: context.cwd,
  });
}

const placeOf = (context: Context, settings: Settings, given: { readonly migrationsDir: string }) =>
  sideContextOf(
    context,
    settings,
    targetWithoutUrl(context, { source: "none", url: undefined, embedded: false, settings }, given),
  );

/** The configured DDL files as a side; null where there are none. */
function schemaSideOf(
  context: Context,
  settings: Settings,
  given: { readonly migrationsDir: string },
): Side | null {
  const place = placeOf(context, settings, given);
  return place.schema === undefined ? null : configuredSide(place);
}

function metadataOf(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    const parsed = z.record(z.string(), z.unknown()).safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ConfitureError("CONFIG_008", "--metadata is no JSON object");
}

/** What two changes that are proven start from. */
export const baseFlag = {
  base: z
    .string()
    .optional()
    .describe(`What both start from: ${SIDE} (default: the DDL files, or the database where there are none)`),
};

export async function baseOf(context: Context, given: BaseOptions): Promise<Side> {
  const settings = await projectSettings(context, given);
  const place = placeOf(context, settings, given);
  if (given.base !== undefined) return parseSide(given.base, place);
  const schema = given.databaseUrl === undefined ? schemaSideOf(context, settings, given) : null;
  if (schema !== null) return schema;
  const url = await urlOf(context, await resolveFlags(context, given, { command: "reads" }));
  if (url === undefined)
    throw new ConfitureError("CONFIG_010", "there is nothing to start from: no DDL files, no database");
  return liveSide({ ...place.target, url });
}

type BaseOptions = Pick<Options, "config" | "env" | "noConfig" | "databaseUrl" | "migrationsDir"> & {
  readonly base?: string | undefined;
};
