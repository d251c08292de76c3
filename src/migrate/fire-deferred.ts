import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";

/**
 * Do what COMMIT would do between two migrations that share a transaction here: check deferred constraints and run
 * deferred triggers. Afterwards they are deferred as they were declared.
 */
export async function fireDeferred(db: Connection): Promise<void> {
  await db.run(sql`set constraints all immediate`);
  const [row] = await db.rows<{ names: string | null }>(sql`
    select string_agg(name, ', ') as names from (
      select format('%I.%I', n.nspname, c.conname) as name
      from pg_catalog.pg_constraint c join pg_catalog.pg_namespace n on n.oid = c.connamespace
      group by 1 having bool_or(c.condeferred) and bool_and(c.condeferrable)) as deferred`);
  if (row?.names != null) await db.run(sql`set constraints ${sql.raw(row.names)} deferred`);
}
