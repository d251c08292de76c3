import * as z from "zod";
import { type Sql, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";

const row = z.object({
  /** As pg_identify_object names it, e.g. `foreign table`. */
  type: z.string(),
  identity: z.string(),
});
type Unmodelled = z.infer<typeof row>;

/** Before 14 only a superuser may read a subscription's oid in its catalog; the statistics view shows it to all. */
const subscriptions = (major: number): Sql => {
  const here = sql`subdbid = (select oid from pg_database where datname = current_database())`;
  return major >= 14
    ? sql`select 'pg_subscription', oid from pg_subscription where ${here}`
    : sql`select 'pg_subscription', v.subid from pg_stat_subscription v
          where v.subname in (select subname from pg_subscription where ${here})`;
};

/** Objects that no other kind reads: that they are there is known, what they say is not. */
export const unmodelled: Kind<Unmodelled> = defineKind({
  name: "unmodelled",
  catalog: "pg_class",
  key: ["type", "identity"],
  label: (o) => `${o.type} ${o.identity}`,
  row,
  query: ({ major }) => sql`
    select null::oid as oid, i.type, i.identity
    from (
      select 'pg_class'::regclass as class, c.oid from pg_class c where c.relkind = 'f'
      union all select 'pg_foreign_data_wrapper', oid from pg_foreign_data_wrapper
      union all select 'pg_foreign_server', oid from pg_foreign_server
      union all select 'pg_user_mapping', umid from pg_user_mappings
      union all
      ${subscriptions(major)}
    ) o cross join pg_identify_object(o.class, o.oid, 0) i
    where o.oid >= 16384 and i.identity is not null
      and (i.schema is null or i.schema !~ '^pg_' and i.schema <> 'information_schema')
      and not exists (select from pg_depend d where d.classid = o.class and d.objid = o.oid
        and d.deptype in ('e', 'i'))`,
});
