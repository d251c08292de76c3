import type { Connection } from "../pg/connection.ts";
import { type Node, namePartsOf, nodesOfKind, unwrap } from "../sql/node.ts";
import { parseScript } from "../sql/parse-script.ts";
import type { Statement } from "../sql/script.ts";
import { statementImpacts } from "../sql/statement-impact.ts";
import { ident, sql } from "../sql/tag.ts";
import type { Step } from "./plan.ts";

/** What a step was seen to go through where it was proven, each by its name. */
export interface Measured {
  /** Tables that were written anew, with their indexes. */
  readonly rewritten: readonly string[];
  /** Indexes of other tables that were built anew. */
  readonly rebuilt: readonly string[];
  /** Other tables that were read from end to end. */
  readonly scanned: readonly string[];
}

/** Runs a step, and looks what it goes through where its text does not tell. */
export async function runMeasured(db: Connection, step: Step): Promise<Step> {
  const run = () => db.run(sql.raw(step.sql));
  const statements = await unknownWork(step);
  if (statements.length === 0 || !(await countsScans(db))) {
    await run();
    return step;
  }
  const measured = await db.transaction(async () => {
    const before = await readFiles(db);
    await run();
    return difference(before, await readFiles(db));
  });
  const isLight = measured.rewritten.length === 0;
  return isLight && statements.some(dependsOnTimeZone) ? step : { ...step, measured };
}

/** The statements of a step that are to be measured; a new object has no rows. */
async function unknownWork(step: Step): Promise<readonly Statement[]> {
  if (step.fresh || step.transaction === "none") return [];
  const { statements } = await parseScript({ text: step.sql }, "DIFFER_406");
  return statements.some(isWorkUnknown) ? statements : [];
}

/** It is known what the statement locks, but not what it goes through meanwhile. */
function isWorkUnknown(statement: Statement): boolean {
  const unknown = statementImpacts(statement).filter(({ work }) => work === undefined);
  return unknown.length > 0 && unknown.every(({ locks }) => locks.length > 0);
}

const TIMES: ReadonlySet<string> = new Set(["timestamp", "timestamptz"]);

/** Times with and without a zone are stored alike, but mean the same in UTC only. */
const dependsOnTimeZone = ({ node }: Statement): boolean =>
  nodesOfKind((node as Node)["cmds"], "AlterTableCmd").some((command) => {
    const type = unwrap(command["def"], "ColumnDef")?.["typeName"];
    return TIMES.has(namePartsOf((type as Node | undefined)?.["names"]).at(-1) ?? "");
  });

const countsScans = async (db: Connection): Promise<boolean> =>
  (await db.rows<{ on: boolean }>(sql`select current_setting('track_counts')::bool as on`))[0]!.on;

/** A table or an index. */
interface File {
  readonly name: string;
  /** Of an index, that of its table. */
  readonly table: string | null;
  readonly file: string;
  readonly scans: number;
}

/**
 * By name, as an index that is made again over the same file gets a new oid. Scans that earlier transactions have not
 * reported yet are counted too (since PostgreSQL 15), so that only what comes to them tells.
 */
async function readFiles(db: Connection): Promise<File[]> {
  const rows = await db.rows<Omit<File, "name"> & { schema: string; name: string }>(sql`
    select n.nspname as schema, c.relname as name, t.relname as table, c.relfilenode::text as file,
      case when t.relname is null then pg_stat_get_xact_numscans(c.oid)::int else 0 end as scans
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join pg_index i on i.indexrelid = c.oid left join pg_class t on t.oid = i.indrelid
    where c.relkind in ('r', 'm', 'i') and c.oid >= 16384 and n.nspname <> 'pg_toast'`);
  return rows.map(({ schema, name, table, ...rest }) => ({
    name: ident(schema, name),
    table: table === null ? null : ident(schema, table),
    ...rest,
  }));
}

function difference(before: readonly File[], after: readonly File[]): Measured {
  const known = new Map(before.map((one) => [one.name, one]));
  const changed = after.filter(({ name, file }) => known.has(name) && known.get(name)?.file !== file);
  const rewritten = changed.filter(({ table }) => table === null).map(({ name }) => name);
  const rebuilt = changed.filter(({ table }) => table !== null && !rewritten.includes(table));
  const seen = new Set([...rewritten, ...rebuilt.map(({ table }) => table)]);
  const scanned = after.filter(({ name, scans }) => scans > (known.get(name)?.scans ?? 0) && !seen.has(name));
  return { rewritten, rebuilt: rebuilt.map(({ name }) => name), scanned: scanned.map(({ name }) => name) };
}
