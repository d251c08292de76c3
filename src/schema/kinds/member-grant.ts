import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { differingPrivileges, granteeName } from "../acl.ts";
import { defineKind, type Kind } from "../kind.ts";

const row = z.object({
  /** The extension it came with; null when it came with PostgreSQL. */
  of: z.string().nullable(),
  /** As GRANT … ON names the object. */
  target: z.string(),
  /** Set when the privilege is on a column. */
  column: z.string().nullable(),
  /** Null is the owner, whoever that is. */
  grantee: z.string().nullable(),
  privilege: z.string(),
  /** False when a privilege that it came with was taken away. */
  granted: z.boolean(),
  grantable: z.boolean(),
});
type MemberGrant = z.infer<typeof row>;

const who = ({ grantee }: MemberGrant): string =>
  grantee === null ? "current_user" : grantee === "public" ? "public" : ident(grantee);

const what = (g: MemberGrant): string =>
  `${g.privilege}${g.column === null ? "" : ` (${ident(g.column)})`} on ${g.target}`;

const give = (g: MemberGrant): string =>
  `grant ${what(g)} to ${who(g)}${g.grantable ? " with grant option" : ""}`;

const loseOption = (g: MemberGrant): string =>
  `revoke grant option for ${what(g)} from ${who(g)}${g.grantee === null ? "" : " cascade"}`;

/** The owner has every privilege by being the owner; only to pass it on can be granted, but for what is on columns. */
const take = (g: MemberGrant): string =>
  g.grantee === null && g.granted && g.column === null
    ? loseOption(g)
    : `revoke ${what(g)} from ${who(g)}${g.grantable ? " cascade" : ""}`;

/** Letter of acldefault, columns of owner, privileges and schema. */
const CATALOGS = [
  ["pg_class", "case relkind when 'S' then 's' else 'r' end", "relowner", "relacl", "relnamespace"],
  ["pg_proc", "'f'", "proowner", "proacl", "pronamespace"],
  ["pg_type", "'T'", "typowner", "typacl", "typnamespace"],
  ["pg_namespace", "'n'", "nspowner", "nspacl", "oid"],
  ["pg_language", "'l'", "lanowner", "lanacl", "'pg_catalog'::regnamespace"],
  ["pg_foreign_data_wrapper", "'F'", "fdwowner", "fdwacl", "'pg_catalog'::regnamespace"],
  ["pg_foreign_server", "'S'", "srvowner", "srvacl", "'pg_catalog'::regnamespace"],
] as const;

const wholes = sql.raw(
  CATALOGS.map(
    ([catalog, letter, owner, acl, schema]) => `
      select '${catalog}'::regclass::oid as classid, oid as objid, 0 as objsubid, null::text as "column",
        ${owner} as owner, ${acl} as acl, acldefault((${letter})::"char", ${owner}) as usual, ${schema} as schema
      from ${catalog} where ${acl} is not null or oid in (select objoid from pg_init_privs)`,
  ).join(" union all "),
);

/** Oids below are PostgreSQL's own. */
const FIRST_NORMAL_OID = 16384;

/**
 * One privilege of one role on a member of an extension, or on what PostgreSQL came with, where it did not come with
 * it: what pg_init_privs says is left out, and the loss of it is a row. Of information_schema it says nothing.
 */
export const memberGrant: Kind<MemberGrant> = defineKind({
  name: "member-grant",
  folder: "extensions",
  file: () => "postgresql",
  catalog: "pg_shdepend",
  key: ["target", "column", "grantee", "privilege", "granted"],
  label: (g) =>
    `${what(g)} ${g.granted ? "to" : "taken from"} ${g.grantee === null ? "its owner" : ident(g.grantee)}`,
  row,
  environmental: "privilege",
  query: () => sql`
    with privileged as (
      ${wholes}
      union all
      select 'pg_class'::regclass, a.attrelid, a.attnum, a.attname, c.relowner, a.attacl,
        acldefault('c', c.relowner), c.relnamespace
      from (
          select attrelid, attnum from pg_attribute where attacl is not null
          union select objoid, objsubid from pg_init_privs where classoid = 'pg_class'::regclass and objsubid <> 0
        ) privileged_column
        join pg_attribute a using (attrelid, attnum) join pg_class c on c.oid = a.attrelid
      where not a.attisdropped
    ), changed as (
      select o.classid, o.objid, o."column", o.owner, m.refobjid as extension, coalesce(o.acl, o.usual) as acl,
        coalesce(i.initprivs, o.usual) as usual
      from privileged o
        left join pg_init_privs i on i.classoid = o.classid and i.objoid = o.objid and i.objsubid = o.objsubid
        left join pg_depend m on m.classid = o.classid and m.objid = o.objid and m.objsubid = 0
          and m.refclassid = 'pg_extension'::regclass and m.deptype = 'e'
      where o.acl is distinct from i.initprivs and (m.refobjid is not null
        or o.objid < ${FIRST_NORMAL_OID} and o.schema = 'pg_catalog'::regnamespace)
    ), differing as (${differingPrivileges("changed")})
    select null::oid as oid, 'pg_extension' as of_catalog, extension as of_oid,
      case when type in ('table', 'view', 'materialized view', 'foreign table') then 'table'
        when type = 'aggregate' then 'function' when type = 'foreign-data wrapper' then 'foreign data wrapper'
        when type = 'server' then 'foreign server' else type end || ' ' || identity as target,
      "column",
      ${granteeName} as grantee,
      lower(privilege_type) as privilege, granted, bool_or(is_grantable) as grantable
    from differing cross join lateral pg_identify_object(classid, objid, 0)
    group by extension, type, identity, "column", owner, grantee, privilege_type, granted`,
  within: (g) => g.of,
  roles: ({ grantee }) => (grantee === null || grantee === "public" ? [] : [grantee]),
  create: (g) => (g.granted ? give(g) : take(g)),
  drop: (g) => (g.granted ? take(g) : give(g)),
  alter: { grantable: (to) => (to.grantable ? give(to) : loseOption(to)) },
});
