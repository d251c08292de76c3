import { ConfitureError } from "../../base/errors.ts";
import type { Footprint, Touch, TouchedObject } from "../../coordinate/footprint/touch.ts";
import { judge } from "../../coordinate/verdict/judge.ts";
import type { Clash } from "../../coordinate/verdict/verdict.ts";
import { Connection } from "../../pg/connection.ts";
import { runScript } from "../../pg/run-script.ts";
import type { ScratchDatabase, ScratchServer } from "../../scratch/scratch.ts";
import type { Script } from "../../sql/script.ts";
import { ident, sql } from "../../sql/tag.ts";
import { rehearsable } from "../rehearsable.ts";
import type { ChangeOnBase } from "./change.ts";

interface Pair {
  readonly base: ScratchDatabase;
  readonly a: ChangeOnBase;
  readonly b: ChangeOnBase;
}

/**
 * Where two changes meet in rows of a table that has none at the end, in whichever order: what they do to each other's
 * rows nobody has seen then. What could not be looked into at all is among it. `filled` are the tables with rows, as SQL
 * writes them.
 */
export async function unprovenRows(
  scratch: ScratchServer,
  { base, a, b }: Pair,
  filled: ReadonlySet<string>,
): Promise<Clash[]> {
  const { clashes } = judge(await lookedInto(scratch, base, a), await lookedInto(scratch, base, b));
  return clashes.filter(
    (clash) => clash.relation === "opaque" || (isAboutRows(clash) && !filled.has(tableOf(clash.object))),
  );
}

const isAboutRows = ({ a, b }: Clash): boolean => [a, b].some(reachesRows);

const reachesRows = ({ mode, operation }: Clash["a"]): boolean =>
  mode === "write data" ||
  mode === "read data" ||
  // A column's new type gives each row a new value.
  (mode === "change shape" && operation.split(", ").includes("ALTER COLUMN TYPE"));

const tableOf = ({ schema, name }: TouchedObject): string => (schema === null ? name : ident(schema, name));

/** With the tables whose rows its opaque code goes through, in place of anything whatever. */
async function lookedInto(
  scratch: ScratchServer,
  base: ScratchDatabase,
  { scripts, footprint }: ChangeOnBase,
): Promise<Footprint> {
  const opaque = footprint.touches.find(({ mode }) => mode === "opaque");
  if (opaque === undefined) return footprint;
  const tables = await tablesGoneThrough(scratch, base, scripts);
  if (tables === null) return footprint;
  const known = footprint.touches.filter(({ mode }) => mode !== "opaque");
  const { statement } = opaque;
  const seen = tables.map((table): Touch => ({
    object: { type: "relation", ...table, part: null },
    mode: "write data",
    statement,
    via: "or read, by its code",
  }));
  return { ...footprint, touches: [...known, ...seen] };
}

/**
 * Tables whose rows scripts read or write when they run, also where there are none: the locks tell. Null where they do
 * not run in one transaction. PostgreSQL's documentation, "Explicit Locking": queries take ACCESS SHARE, those that
 * lock or write rows ROW SHARE and ROW EXCLUSIVE.
 */
async function tablesGoneThrough(
  scratch: ScratchServer,
  base: ScratchDatabase,
  scripts: readonly Script[],
): Promise<{ schema: string; name: string }[] | null> {
  if (scripts.some(({ statements }) => statements.some(({ kind }) => kind === "TransactionStmt")))
    return null;
  await using database = await scratch.copy(base);
  await using db = await Connection.open(database.url);
  await db.run(sql`begin`);
  try {
    for (const script of scripts) await runScript(db, await rehearsable(db, script, scratch));
  } catch (error) {
    if (error instanceof ConfitureError && error.code === "SQL_001") return null;
    throw error;
  }
  return await db.rows<{ schema: string; name: string }>(sql`
    select distinct n.nspname as schema, c.relname as name
    from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
    where l.pid = pg_backend_pid() and l.mode in ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')
      and c.relkind in ('f', 'm', 'p', 'r') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    order by 1, 2`);
}
