import type { Connection } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";
import type { Ledger } from "./ledger.ts";

/** Tables in other schemas that are named like the ledger and look like one, as `schema.name`; writes nothing. */
export async function ledgersElsewhere(db: Connection, { path: [schema, name] }: Ledger): Promise<string[]> {
  const found = await db.rows<{ place: string }>(sql`
    select n.nspname || '.' || c.relname as place
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relname = ${name} and n.nspname <> ${schema} and c.relkind in ('r', 'p') and c.relpersistence <> 't'
      and 2 = (select count(*) from pg_catalog.pg_attribute a
               where a.attrelid = c.oid and a.attname in ('version', 'applied_at') and not a.attisdropped)
    order by 1`);
  return found.map(({ place }) => place);
}
