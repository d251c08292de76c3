import { ConfitureError } from "../base/errors.ts";
import type { Target } from "../migrate/target.ts";
import { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import {
  introspectLive,
  type IntrospectOptions,
  type IntrospectResult,
  type Live,
  readLiveOn,
} from "./introspect.ts";

/** What a database without a ledger was found to be. */
export interface DetectedBaseline {
  /** Null for an empty database, where nothing was applied. */
  readonly version: string | null;
  /** The database as it was compared. */
  readonly live: Live;
}

/**
 * The one version that a database without a ledger is exactly; undefined when there is a ledger. Writes nothing.
 * Throws BASELINE_001 when no version is, more than one may be, or the ledger's table stands in another schema;
 * else as `introspect`.
 */
export async function detectBaseline(
  target: Target,
  options: IntrospectOptions,
): Promise<DetectedBaseline | undefined> {
  const live = await readWithoutLedger(target);
  if (live === undefined) return undefined;
  const found = await introspectLive(target, live, options);
  if (found.ambiguous || found.failed.length > 0) throw unclear(found, whyUnclear(found));
  if (found.database_empty) return { version: null, live };
  if (found.detected_version === null)
    throw unclear(found, `none of ${found.compared} version(s) is exactly this database`);
  return { version: found.detected_version, live };
}

async function readWithoutLedger(target: Target): Promise<Live | undefined> {
  await using db = await Connection.open(target.url, target);
  const live = await readLiveOn(db, target);
  if (live.ledger.resolved !== null) return undefined;
  await refuseLedgerElsewhere(db, target.trackingTable);
  return live;
}

/** A table of that name that is not the ledger may well be one, which a wrong search_path hides. */
async function refuseLedgerElsewhere(db: Connection, table: string): Promise<void> {
  const name = table.split(".").at(-1);
  const rows = await db.rows<{ schema: string }>(sql`
    select n.nspname as schema from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relname = ${name} and c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' order by 1`);
  if (rows.length === 0) return;
  const found = rows.map(({ schema }) => `${schema}.${name}`);
  throw new ConfitureError("BASELINE_001", `there is no ledger ${table}, but there is ${found.join(", ")}`, {
    details: { tracking_table: table, found },
    actionable: "Name the ledger in migration.tracking_table as schema.name, or drop what is none.",
  });
}

function whyUnclear({ ambiguous, failed, recommendation }: IntrospectResult): string {
  return ambiguous
    ? recommendation
    : `${failed.map(({ version, error }) => `${version} (${error})`).join("; ")} could not be compared`;
}

function unclear(found: IntrospectResult, message: string): ConfitureError {
  const { candidates, failed, compared } = found;
  return new ConfitureError("BASELINE_001", message, { details: { candidates, failed, compared } });
}
