import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { ownerName } from "../scope.ts";

const row = z.object({
  /** Whose new objects it is about; null is the builder. */
  role: z.string().nullable(),
  /** Null is every schema. */
  schema: z.string().nullable(),
  objects: z.enum(["tables", "sequences", "functions", "types", "schemas", "large objects"]),
  /** Null is whoever the new objects belong to. */
  grantee: z.string().nullable(),
  privilege: z.string(),
  /** False when a privilege that PostgreSQL gives by default is taken away. */
  granted: z.boolean(),
  grantable: z.boolean(),
});
type DefaultPrivilege = z.infer<typeof row>;

function label(d: DefaultPrivilege): string {
  const by = d.role === null ? "" : ` made by ${ident(d.role)}`;
  const where = d.schema === null ? "" : ` in ${ident(d.schema)}`;
  return `${d.privilege} on ${d.objects}${by}${where} ${d.granted ? "to" : "taken from"} ${d.grantee === null ? "their owner" : ident(d.grantee)}`;
}

function statement(d: DefaultPrivilege, verb: "grant" | "revoke" | "revoke grant option for"): string {
  const by = d.role === null ? "" : ` for role ${ident(d.role)}`;
  const where = d.schema === null ? "" : ` in schema ${ident(d.schema)}`;
  const grantee = d.grantee === "public" ? "public" : named(d.grantee ?? d.role);
  const option = verb === "grant" && d.grantable ? " with grant option" : "";
  const direction = verb === "grant" ? "to" : "from";
  return `alter default privileges${by}${where} ${verb} ${d.privilege} on ${d.objects} ${direction} ${grantee}${option}`;
}

const named = (role: string | null): string => (role === null ? "current_user" : ident(role));

/**
 * What differs from the privileges PostgreSQL gives without ALTER DEFAULT PRIVILEGES. Entries for one schema add
 * to those, so there nothing is usual, as for columns ('c').
 */
export const defaultPrivilege: Kind<DefaultPrivilege> = defineKind({
  name: "default-privilege",
  folder: "default_privileges",
  file: (d) => (d.schema === null ? "all_schemas" : ident(d.schema)),
  catalog: "pg_default_acl",
  key: ["role", "schema", "objects", "grantee", "privilege", "granted"],
  label,
  row,
  environmental: "privilege",
  query: (_server, { builder }) => sql`
    with entries as (
      select d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype, d.defaclacl as acl,
        acldefault(case when d.defaclnamespace <> 0 then 'c' when d.defaclobjtype = 'S' then 's'
          else d.defaclobjtype end::"char", d.defaclrole) as usual
      from pg_default_acl d
    ), differing as (
      select e.*, x.grantee, x.privilege_type, true as granted, x.is_grantable
      from entries e cross join aclexplode(e.acl) x
      where not exists (select from aclexplode(e.usual) u where u.grantee = x.grantee
        and u.privilege_type = x.privilege_type and u.is_grantable = x.is_grantable)
      union all
      select e.*, x.grantee, x.privilege_type, false, false
      from entries e cross join aclexplode(e.usual) x
      where not exists (select from aclexplode(e.acl) own where own.grantee = x.grantee
        and own.privilege_type = x.privilege_type)
    )
    select d.oid, ${ownerName("d.defaclrole", builder)} as role, n.nspname as schema,
      case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
        when 'T' then 'types' when 'n' then 'schemas' else 'large objects' end as objects,
      case d.grantee when 0 then 'public' when d.defaclrole then null else pg_get_userbyid(d.grantee)::text end as grantee,
      lower(d.privilege_type) as privilege, d.granted, bool_or(d.is_grantable) as grantable
    from differing d left join pg_namespace n on n.oid = d.defaclnamespace
    group by d.oid, d.defaclrole, n.nspname, d.defaclobjtype, d.grantee, d.privilege_type, d.granted`,
  roles: ({ role, grantee }) =>
    [role, grantee].flatMap((name) => (name === null || name === "public" ? [] : [name])),
  within: (d) => (d.schema === null ? null : `schema ${ident(d.schema)}`),
  create: (d) => statement(d, d.granted ? "grant" : "revoke"),
  drop: (d) => statement(d, d.granted ? "revoke" : "grant"),
  alter: { grantable: (to) => statement(to, to.grantable ? "grant" : "revoke grant option for") },
});
