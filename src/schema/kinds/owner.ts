import * as z from "zod";
import { sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { ownerName, userSchema } from "../scope.ts";

const row = z.object({
  of: z.string(),
  /** Null when the builder owns it, and of an owned sequence, which follows its table. */
  owner: z.string().nullable(),
});
type Owner = z.infer<typeof row>;

/** Indexes, triggers and the like have no owner of their own. */
export const owner: Kind<Owner> = defineKind({
  name: "owner",
  catalog: "pg_shdepend",
  key: ["of"],
  label: (o) => `of ${o.of}`,
  drift: { type: "wrong_owner", severity: "critical" },
  row,
  environmental: true,
  query: (_server, { builder }) => sql`
    select null::oid as oid, o.of_catalog, o.of_oid, ${ownerName("o.owner", builder)} as owner
    from (
      select 'pg_namespace' as of_catalog, n.oid as of_oid, n.nspowner as owner from pg_namespace n
      where ${userSchema}
      union all
      select 'pg_class', c.oid, case when c.relkind = 'S' and exists (
          select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
            and d.refclassid = 'pg_class'::regclass and d.deptype = 'a') then null else c.relowner end
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'S') and ${userSchema}
      union all
      select 'pg_type', t.oid, t.typowner from pg_type t join pg_namespace n on n.oid = t.typnamespace
      where (t.typtype in ('e', 'd', 'r')
        or t.typtype = 'c' and (select c.relkind = 'c' from pg_class c where c.oid = t.typrelid)) and ${userSchema}
      union all
      select 'pg_proc', p.oid, p.proowner from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where ${userSchema}
      union all
      select 'pg_statistic_ext', s.oid, s.stxowner
      from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace where ${userSchema}
      union all
      select 'pg_event_trigger', e.oid, e.evtowner from pg_event_trigger e
      union all
      select 'pg_publication', p.oid, p.pubowner from pg_publication p
    ) o`,
  within: (o) => o.of,
  same: { owner: (from, to) => from === null || to === null || from === to },
});
