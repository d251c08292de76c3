import { ConfitureError } from "../../base/errors.ts";
import type { OrderProof } from "../../coordinate/verdict/order-proof.ts";
import { gravest } from "../../coordinate/verdict/verdict.ts";
import { changeLines } from "../../diff/change.ts";
import { compare } from "../../diff/compare.ts";
import { Connection } from "../../pg/connection.ts";
import { runScript } from "../../pg/run-script.ts";
import { readSnapshot, type Snapshot } from "../../schema/snapshot.ts";
import type { ScratchDatabase, ScratchServer } from "../../scratch/scratch.ts";
import type { Script } from "../../sql/script.ts";
import { ident, sql } from "../../sql/tag.ts";
import { rehearsable } from "../rehearsable.ts";
import type { ChangeOnBase } from "./change.ts";
import { unprovenRows } from "./unproven-rows.ts";

/** Two changes of one base. */
export interface ProofRequest {
  /** A database that nobody is connected to; it is copied and stays as it is. */
  readonly base: ScratchDatabase;
  readonly a: ChangeOnBase;
  readonly b: ChangeOnBase;
}

type Name = "a" | "b";

/**
 * Run two changes in both orders on copies of their base, and compare catalogs and rows. Where they come out the same,
 * rows in which the two meet and that nobody saw are unproven. Throws SCRATCH_002; what the changes themselves do wrong is
 * in the result.
 */
export async function proveOrder(scratch: ScratchServer, request: ProofRequest): Promise<OrderProof> {
  const [first, second] = [
    await endOf(scratch, request, ["a", "b"]),
    await endOf(scratch, request, ["b", "a"]),
  ];
  const failures = [first, second].flatMap((end) => ("failed" in end ? [end] : []));
  if ("failed" in first || "failed" in second) {
    const relation = failures.length === 2 ? "conflict" : "order matters";
    return { ...NOTHING, relation, failures, postgresql: scratch.major };
  }
  const differences = changeLines(compare(first.snapshot, second.snapshot)).map(
    ({ sign, rest }) => sign + rest,
  );
  const tables = new Set([...first.rows.keys(), ...second.rows.keys()]);
  const rowsDiffer = [...tables].filter((table) => first.rows.get(table) !== second.rows.get(table));
  const proof = { ...NOTHING, differences, rows_differ: rowsDiffer, postgresql: scratch.major };
  if (differences.length + rowsDiffer.length > 0) return { ...proof, relation: "order matters" };
  const unproven = await unprovenRows(scratch, request, new Set(first.rows.keys()));
  return { ...proof, relation: gravest(unproven.map(({ relation }) => relation)), unproven };
}

const NOTHING = { failures: [], differences: [], rows_differ: [], unproven: [] };

interface End {
  readonly snapshot: Snapshot;
  /** Hash of the rows of each table that has some. */
  readonly rows: ReadonlyMap<string, string>;
}

type Failure = OrderProof["failures"][number];

async function endOf(
  scratch: ScratchServer,
  { base, ...changes }: ProofRequest,
  order: readonly [Name, Name],
): Promise<End | Failure> {
  await using database = await scratch.copy(base);
  for (const name of order) {
    const failure = await runChange(scratch, database, changes[name].scripts);
    if (failure !== null) return { order: [...order], failed: name, ...failure };
  }
  await using db = await Connection.open(database.url);
  return { snapshot: await readSnapshot(db, { builder: db.server.user }), rows: await rowsOf(db) };
}

/** In a session of its own, so that settings of one change are not those of the other. */
async function runChange(
  scratch: ScratchServer,
  database: ScratchDatabase,
  scripts: readonly Script[],
): Promise<Pick<Failure, "file" | "line" | "message"> | null> {
  await using db = await Connection.open(database.url);
  try {
    for (const script of scripts) await runScript(db, await rehearsable(db, script, scratch));
    return null;
  } catch (error) {
    if (!(error instanceof ConfitureError) || error.code !== "SQL_001") throw error;
    const { file = null, line = null } = error.context;
    return { file, line, message: error.message };
  }
}

async function rowsOf(db: Connection): Promise<Map<string, string>> {
  const tables = await db.rows<{ schema: string; table: string }>(sql`
    select n.nspname as schema, c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('m', 'p', 'r') and c.relispopulated and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    order by 1, 2`);
  const hashes = new Map<string, string>();
  for (const { schema, table } of tables) {
    const name = ident(schema, table);
    const [found] = await db.rows<{ hash: string | null }>(
      sql`select md5(string_agg(row, ',' order by row)) as hash from (select to_jsonb(t)::text as row from ${sql.raw(name)} t) rows`,
    );
    if (found?.hash) hashes.set(name, found.hash);
  }
  return hashes;
}
