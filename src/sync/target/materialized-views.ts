import type { Connection } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";

/** Refresh what is materialized of some tables, directly or through views, in the order in which one reads another. */
export async function refreshViews(db: Connection, tableOids: readonly number[]): Promise<void> {
  const views = await db.rows<{ name: string }>(sql`
    with recursive reading as (
      select oid, 0 as depth from unnest(${[...tableOids]}::oid[]) oid
      union
      select w.ev_class, r.depth + 1
      from reading r
        join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = r.oid
          and d.classid = 'pg_rewrite'::regclass
        join pg_rewrite w on w.oid = d.objid and w.ev_class <> r.oid and w.ev_type = '1'
    )
    select c.oid::regclass::text as name from reading r join pg_class c on c.oid = r.oid
    where c.relkind = 'm' and c.relispopulated group by c.oid order by max(r.depth), 1`);
  for (const { name } of views) await db.run(sql.raw(`refresh materialized view ${name}`));
}
