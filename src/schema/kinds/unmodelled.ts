import * as z from "zod";
import { sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";

const row = z.object({
  /** As pg_identify_object names it, e.g. `text search parser`. */
  type: z.string(),
  identity: z.string(),
});
type Unmodelled = z.infer<typeof row>;

/** Objects that no other kind reads: that they are there is known, what they say is not. */
export const unmodelled: Kind<Unmodelled> = defineKind({
  name: "unmodelled",
  catalog: "pg_class",
  key: ["type", "identity"],
  label: (o) => `${o.type} ${o.identity}`,
  row,
  query: () => sql`
    select null::oid as oid, i.type, i.identity
    from (
      select 'pg_type'::regclass as class, t.oid from pg_type t where t.typtype in ('b', 'p') and not exists (
        select from pg_type element where element.typarray = t.oid)
      union all select 'pg_operator', oid from pg_operator
      union all select 'pg_opfamily', oid from pg_opfamily
      union all select 'pg_opclass', oid from pg_opclass
      union all select 'pg_cast', oid from pg_cast
      union all select 'pg_collation', oid from pg_collation
      union all select 'pg_conversion', oid from pg_conversion
      union all select 'pg_ts_config', oid from pg_ts_config
      union all select 'pg_ts_dict', oid from pg_ts_dict
      union all select 'pg_ts_parser', oid from pg_ts_parser
      union all select 'pg_ts_template', oid from pg_ts_template
      union all select 'pg_language', oid from pg_language
      union all select 'pg_transform', oid from pg_transform
      union all select 'pg_am', oid from pg_am
    ) o cross join pg_identify_object(o.class, o.oid, 0) i
    where o.oid >= 16384 and i.identity is not null
      and (i.schema is null or i.schema !~ '^pg_' and i.schema <> 'information_schema')
      and not exists (select from pg_depend d where d.classid = o.class and d.objid = o.oid
        and d.deptype in ('e', 'i'))`,
});
