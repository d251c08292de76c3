import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { defineOutput } from "../../base/output.ts";
import { Connection } from "../../pg/connection.ts";
import { literal, sql } from "../../sql/tag.ts";
import { type LockOptions, takeMigrationLock } from "../lock/lock.ts";
import type { Target } from "../target.ts";
import { HELPER_FUNCTIONS, helperStatements, HELPER_TABLES, HELPERS_VERSION } from "./view-helpers-sql.ts";

export const installHelpersOutput = defineOutput(
  "install-helpers",
  1,
  z.object({
    installed: z.boolean().describe("By this run; false when they were up to date, and in a dry run"),
    version: z.string(),
    previous_version: z
      .string()
      .nullable()
      .describe("`unknown` when it is not one of this tool's; null when there were none"),
    schema: z.string(),
    objects: z.array(z.string()),
    dry_run: z.boolean(),
    sql: z.string().nullable().describe("In a dry run: what would run; null when nothing would"),
    warnings: z.array(z.string()),
  }),
);

export type InstallHelpersResult = z.infer<typeof installHelpersOutput.schema>;

export interface InstallHelpersOptions extends LockOptions {
  /** Give the SQL that would run; write nothing. */
  readonly dryRun?: boolean | undefined;
  /** Install them again although they are up to date. */
  readonly force?: boolean | undefined;
}

/** What of the helpers is in a database. */
interface Installed {
  readonly schemaExists: boolean;
  /** Of the schema, where that is somebody else. */
  readonly otherOwner: string | null;
  /** Names as in `HELPER_FUNCTIONS`, `HELPER_TABLES` and `PYTHON_HELPERS`, with the version that the comment tells. */
  readonly versions: ReadonlyMap<string, number | undefined>;
}

const COMMENT = "View helpers of Confiture, version ";

/** What Confiture for Python installs, without a version; nothing else without one is taken for a helper. */
const PYTHON_HELPERS: readonly string[] = [
  "save_and_drop_dependent_views(text[])",
  "recreate_saved_views()",
  ...HELPER_TABLES,
];

/**
 * Install the view helpers in schema `confiture`, or replace an older version; one of this version is left alone.
 * Throws CONFIG_008 where the config file says `view_helpers: off`, MIGR_110 when views are still saved, LOCK_1300.
 */
export async function installHelpers(
  target: Target,
  options: InstallHelpersOptions = {},
): Promise<InstallHelpersResult> {
  if (target.viewHelpers === "off") {
    throw new ConfitureError("CONFIG_008", "the config file says that this database gets no view helpers", {
      actionable: "Set migration.view_helpers to manual or auto.",
    });
  }
  if (options.dryRun) {
    await using db = await Connection.open(target.url, target);
    const found = await findHelpers(db);
    const script = isCurrent(found) && !options.force ? null : scriptFor(found);
    return { ...resultOf(db, found), installed: false, dry_run: true, sql: script };
  }
  await using lock = await takeMigrationLock(target, options);
  await using db = await Connection.open(target.url, target);
  return await db.transaction(async () => {
    const found = await findHelpers(db);
    const installs = !isCurrent(found) || options.force === true;
    lock.assertHeld();
    if (installs) await install(db, found);
    return { ...resultOf(db, found), installed: installs, dry_run: false, sql: null };
  });
}

/**
 * Install or upgrade the helpers unless they are up to date; true when it did. For a run that holds the lock: in a
 * transaction of its own, or inside the open one. Throws as `installHelpers`.
 */
export async function ensureViewHelpers(db: Connection): Promise<boolean> {
  const work = async () => {
    const found = await findHelpers(db);
    if (isCurrent(found)) return false;
    await install(db, found);
    return true;
  };
  return db.transactionStatus === "I" ? await db.transaction(work) : await work();
}

/** One of a later version counts: what it does for a view, an earlier one did as well. */
const isCurrent = ({ versions }: Installed): boolean =>
  [...HELPER_FUNCTIONS, ...HELPER_TABLES].every((name) => (versions.get(name) ?? -1) >= HELPERS_VERSION);

/** Read from the catalogs, as a name in a schema that the role may not use cannot be looked up. */
async function findHelpers(db: Connection): Promise<Installed> {
  const [schema] = await db.rows<{ other: string | null }>(sql`
    select case when nspowner <> (select oid from pg_catalog.pg_roles where rolname = current_user)
      then pg_catalog.pg_get_userbyid(nspowner) end as other
    from pg_catalog.pg_namespace where nspname = 'confiture'`);
  const objects = await db.rows<{ name: string; comment: string | null }>(sql`
    select pg_catalog.format('%s(%s)', p.proname, pg_catalog.oidvectortypes(p.proargtypes)) as name,
      pg_catalog.obj_description(p.oid, 'pg_proc') as comment
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'confiture'
    union all
    select c.relname, pg_catalog.obj_description(c.oid, 'pg_class')
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'confiture'`);
  const version = (comment: string | null) =>
    comment?.startsWith(COMMENT) ? Number(comment.slice(COMMENT.length)) : undefined;
  const versions = objects.map(({ name, comment }) => [name, version(comment)] as const);
  return {
    schemaExists: schema !== undefined,
    otherOwner: schema?.other ?? null,
    versions: new Map(
      versions.filter(([name, known]) => known !== undefined || PYTHON_HELPERS.includes(name)),
    ),
  };
}

async function install(db: Connection, found: Installed): Promise<void> {
  if (found.versions.has("saved_views")) await refuseSavedViews(db);
  await db.run(sql.raw(scriptFor(found)));
}

/** Their definitions are nowhere else. A row of Confiture for Python stays after the view is recreated. */
async function refuseSavedViews(db: Connection): Promise<void> {
  const rows = await db.rows<{ name: string }>(sql`
    select pg_catalog.format('%I.%I', schema_name, view_name) as name from confiture.saved_views s
    where not coalesce((pg_catalog.to_jsonb(s) ->> 'recreated')::boolean and error_message is null, false)`);
  if (rows.length === 0) return;
  const views = rows.map(({ name }) => name);
  throw new ConfitureError("MIGR_110", `confiture.saved_views still holds ${views.join(", ")}`, {
    details: { views },
    actionable:
      "Run `select confiture.recreate_saved_views()`, or delete the rows, before other helpers take its place.",
  });
}

/** Everything of ours that is there is replaced; nothing else in the schema is touched. */
function scriptFor({ schemaExists, versions }: Installed): string {
  const mark = literal(`${COMMENT}${HELPERS_VERSION}`);
  const old = [...versions.keys()].filter((name) => !HELPER_TABLES.includes(name));
  const statements = [
    ...(schemaExists ? [] : ["create schema confiture"]),
    ...old.map((name) => `drop function confiture.${name}`),
    ...HELPER_TABLES.toReversed()
      .filter((name) => versions.has(name))
      .map((name) => `drop table confiture.${name}`),
    ...helperStatements.map(({ text }) => text.trim()),
    ...HELPER_TABLES.map((name) => `comment on table confiture.${name} is ${mark}`),
    ...HELPER_FUNCTIONS.map((name) => `comment on function confiture.${name} is ${mark}`),
  ];
  return `${statements.join(";\n\n")};\n`;
}

function resultOf(db: Connection, found: Installed) {
  return {
    version: String(HELPERS_VERSION),
    previous_version: previousVersion(found),
    schema: "confiture",
    objects: [
      ...HELPER_TABLES.map((name) => `table confiture.${name}`),
      ...HELPER_FUNCTIONS.map((name) => `function confiture.${name}`),
    ],
    warnings: warningsFor(db.server.user, found),
  };
}

/** The oldest of any part. */
function previousVersion({ versions }: Installed): string | null {
  const known = [...versions.values()].filter((version) => version !== undefined);
  if (versions.size === 0) return null;
  return known.length < versions.size ? "unknown" : String(Math.min(...known));
}

const warningsFor = (user: string, { otherOwner }: Installed): string[] => [
  ...(user === "confiture"
    ? [
        'role confiture has schema confiture first in its search_path, through "$user": write the schema of what it creates',
      ]
    : []),
  ...(otherOwner === null
    ? []
    : [`schema confiture belongs to role ${otherOwner}, which can replace what is in it`]),
];
