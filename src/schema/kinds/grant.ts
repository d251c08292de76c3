import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { userSchema } from "../scope.ts";

const row = z.object({
  of: z.string(),
  /** Set when the privilege is on a column. */
  column: z.string().nullable(),
  /** Null is the owner, whoever that is. */
  grantee: z.string().nullable(),
  privilege: z.string(),
  /** False when an owner has lost a privilege that owners have. */
  granted: z.boolean(),
  grantable: z.boolean(),
});
type Grant = z.infer<typeof row>;

const isOnColumn = (of: string) => of.startsWith("column ");

function label(g: Grant): string {
  const on = g.column === null || isOnColumn(g.of) ? g.of : `${g.of} column ${ident(g.column)}`;
  if (!g.granted) return `${g.privilege} on ${on} taken from its owner`;
  return `${g.privilege} on ${on} to ${g.grantee === null ? "its owner" : ident(g.grantee)}`;
}

/**
 * One privilege of one role on one object, whoever granted it. What an owner has by being the owner is left out;
 * what PUBLIC has by default is not, so that taking it away is seen.
 */
export const grant: Kind<Grant> = defineKind({
  name: "grant",
  catalog: "pg_shdepend",
  key: ["of", "column", "grantee", "privilege", "granted"],
  label,
  row,
  environmental: true,
  query: () => sql`
    with privileged as (
      select 'pg_namespace' as of_catalog, n.oid as of_oid, 0 as of_sub, null::text as column, n.nspowner as owner,
        n.nspacl as acl, acldefault('n', n.nspowner) as usual
      from pg_namespace n where n.nspacl is not null and ${userSchema}
      union all
      select 'pg_class', c.oid, 0, null, c.relowner, c.relacl,
        acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)
      from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relacl is not null and ${userSchema}
      union all
      select 'pg_class', c.oid, a.attnum, a.attname, c.relowner, a.attacl, acldefault('c', c.relowner)
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where a.attacl is not null and not a.attisdropped and ${userSchema}
      union all
      select 'pg_type', t.oid, 0, null, t.typowner, coalesce(t.typacl, acldefault('T', t.typowner)),
        acldefault('T', t.typowner)
      from pg_type t join pg_namespace n on n.oid = t.typnamespace
      where (t.typtype in ('e', 'd', 'r')
        or t.typtype = 'c' and (select c.relkind = 'c' from pg_class c where c.oid = t.typrelid)) and ${userSchema}
      union all
      select 'pg_proc', p.oid, 0, null, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner)),
        acldefault('f', p.proowner)
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${userSchema}
    )
    select null::oid as oid, o.of_catalog, o.of_oid, o.of_sub, o.column,
      case x.grantee when 0 then 'public' else pg_get_userbyid(x.grantee)::text end as grantee,
      lower(x.privilege_type) as privilege, true as granted, bool_or(x.is_grantable) as grantable
    from privileged o cross join aclexplode(o.acl) x where x.grantee <> o.owner
    group by o.of_catalog, o.of_oid, o.of_sub, o.column, x.grantee, x.privilege_type
    union all
    select null, o.of_catalog, o.of_oid, o.of_sub, o.column, null, lower(x.privilege_type), false, false
    from privileged o cross join aclexplode(o.usual) x
    where x.grantee = o.owner and not exists (
      select from aclexplode(o.acl) own where own.grantee = o.owner and own.privilege_type = x.privilege_type)`,
  within: (g) => g.of,
});
