import * as z from "zod";
import { ident, type Sql, sql } from "../../sql/tag.ts";
import { differingPrivileges, granteeName } from "../acl.ts";
import { defineKind, type Kind } from "../kind.ts";
import { userSchema } from "../scope.ts";
import type { Place } from "../statement.ts";

const row = z.object({
  of: z.string(),
  /** Set when the privilege is on a column. */
  column: z.string().nullable(),
  /** Set when the privilege is on the sequence behind an identity column. */
  sequence: z.string().nullable(),
  /** Null is the owner, whoever that is. */
  grantee: z.string().nullable(),
  privilege: z.string(),
  /** False when the owner or PUBLIC has lost a privilege that they have on a new object. */
  granted: z.boolean(),
  grantable: z.boolean(),
});
type Grant = z.infer<typeof row>;

const isOnColumn = (of: string) => of.startsWith("column ");

function label(g: Grant): string {
  const part = g.sequence === null ? "" : ` sequence ${g.sequence}`;
  const column = g.column === null || isOnColumn(g.of) ? "" : ` column ${ident(g.column)}`;
  const who = g.grantee === null ? "its owner" : ident(g.grantee);
  return `${g.privilege} on ${g.of}${column}${part} ${g.granted ? "to" : "taken from"} ${who}`;
}

/** Catalogs whose privileges are read alike: the letter of acldefault, the columns of owner, privileges, schema. */
const CATALOGS = [
  ["pg_namespace", "n", "nspowner", "nspacl", "oid"],
  ["pg_proc", "f", "proowner", "proacl", "pronamespace"],
  ["pg_language", "l", "lanowner", "lanacl", null],
  ["pg_foreign_data_wrapper", "F", "fdwowner", "fdwacl", null],
  ["pg_foreign_server", "S", "srvowner", "srvacl", null],
] as const;

const alike: Sql = sql.raw(
  CATALOGS.map(
    ([catalog, letter, owner, acl, schema]) => `
      select '${catalog}', o.oid, 0, null, null, o.${owner}, o.${acl}, acldefault('${letter}', o.${owner})
      from ${catalog} o${schema === null ? "" : ` join pg_namespace n on n.oid = o.${schema}`}
      where o.${acl} is not null${schema === null ? "" : ` and ${userSchema.text}`}`,
  ).join(" union all "),
);

const on = (g: Grant, place: Place): string => {
  if (g.sequence !== null) return `on sequence ${g.sequence}`;
  const table = isOnColumn(g.of) && g.column !== null ? place.rowOf(g.of)?.["of"] : undefined;
  return `on ${place.grantAddress(typeof table === "string" ? table : g.of)}`;
};

const what = (g: Grant, place: Place): string =>
  `${g.privilege}${g.column === null ? "" : ` (${ident(g.column)})`} ${on(g, place)}`;

/** The owner by name: of the object, or of the table that a sequence follows. Who builds an object owns it. */
function ownerOf(of: string, place: Place): string {
  const owner = place.rowOf(`owner of ${of}`);
  if (typeof owner?.["owner"] === "string") return ident(owner["owner"]);
  const above = place.rowOf(of)?.["of"];
  return typeof above === "string" ? ownerOf(above, place) : "current_user";
}

const who = (g: Grant, place: Place): string => {
  if (g.grantee === null) return ownerOf(g.of, place);
  return g.grantee === "public" ? "public" : ident(g.grantee);
};

const give = (g: Grant, place: Place): string =>
  `grant ${what(g, place)} to ${who(g, place)}${g.grantable ? " with grant option" : ""}`;

/**
 * What was passed on goes with the right to do so; what of it is to stay is granted again by the owner, who can lose
 * no more than an option that says nothing, but for what was granted on columns.
 */
const take = (g: Grant, place: Place): string =>
  g.grantee === null && g.granted && g.column === null
    ? `revoke grant option for ${what(g, place)} from ${who(g, place)}`
    : `revoke ${what(g, place)} from ${who(g, place)}${g.grantable ? " cascade" : ""}`;

/**
 * One privilege of one role on one object, whoever granted it, where that is not what a new object has: what an
 * owner has by being the owner and what PUBLIC has by default are left out, and their loss is a row. So is an owner's
 * grant option, which an owner has anyway, but which PostgreSQL keeps.
 */
export const grant: Kind<Grant> = defineKind({
  name: "grant",
  catalog: "pg_shdepend",
  key: ["of", "column", "sequence", "grantee", "privilege", "granted"],
  label,
  row,
  environmental: "privilege",
  query: () => sql`
    with privileged (of_catalog, of_oid, of_sub, "column", sequence, owner, acl, usual) as (
      select 'pg_class', coalesce(i.refobjid, c.oid), coalesce(i.refobjsubid, 0), null::text,
        case when i.refobjid is not null then c.oid::regclass::text end, c.relowner, c.relacl,
        acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
        left join pg_depend i on c.relkind = 'S' and i.classid = 'pg_class'::regclass and i.objid = c.oid
          and i.refclassid = 'pg_class'::regclass and i.deptype = 'i'
      where c.relacl is not null and ${userSchema}
      union all
      select 'pg_class', c.oid, a.attnum, a.attname, null, c.relowner, a.attacl, acldefault('c', c.relowner)
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where a.attacl is not null and not a.attisdropped and ${userSchema}
      union all
      select 'pg_type', t.oid, 0, null, null, t.typowner, t.typacl, acldefault('T', t.typowner)
      from pg_type t join pg_namespace n on n.oid = t.typnamespace
      where t.typacl is not null and (t.typtype in ('b', 'e', 'd', 'r', 'p')
        or t.typtype = 'c' and (select c.relkind = 'c' from pg_class c where c.oid = t.typrelid)) and ${userSchema}
      union all
      ${alike}
    ), differing as (${differingPrivileges("privileged")})
    select null::oid as oid, of_catalog, of_oid, of_sub, "column", sequence,
      ${granteeName} as grantee,
      lower(privilege_type) as privilege, granted, bool_or(is_grantable) as grantable
    from differing
    group by of_catalog, of_oid, of_sub, "column", sequence, owner, grantee, privilege_type, granted`,
  within: (g) => g.of,
  roles: ({ grantee }) => (grantee === null || grantee === "public" ? [] : [grantee]),
  needs: (g) => (g.sequence !== null && isOnColumn(g.of) ? [`identity ${g.of.slice("column ".length)}`] : []),
  create: (g, place) => (g.granted ? give(g, place) : take(g, place)),
  drop: (g, place) => (g.granted ? take(g, place) : give(g, place)),
  alter: {
    grantable: (to, _from, place) =>
      to.grantable
        ? give(to, place)
        : `revoke grant option for ${what(to, place)} from ${who(to, place)} cascade`,
  },
});
