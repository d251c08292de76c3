import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { userSchema } from "../scope.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  permissive: z.boolean(),
  command: z.enum(["all", "select", "insert", "update", "delete"]),
  roles: z.array(z.string()),
  using: z.string().nullable(),
  check: z.string().nullable(),
});
type Policy = z.infer<typeof row>;

const address = (p: Policy) => `policy ${ident(p.name)} on ${ident(p.schema, p.table)}`;

const isForAll = (p: Policy) => p.roles.length === 1 && p.roles[0] === "public";

const to = (p: Policy) => ` to ${p.roles.map((role) => (role === "public" ? role : ident(role))).join(", ")}`;
const using = (p: Policy) => (p.using === null ? "" : ` using (${p.using})`);
const check = (p: Policy) => (p.check === null ? "" : ` with check (${p.check})`);

export const policy: Kind<Policy> = defineKind({
  name: "policy",
  folder: "policies",
  catalog: "pg_policy",
  key: ["schema", "table", "name"],
  label: (p) => ident(p.schema, p.table, p.name),
  row,
  query: () => sql`
    select o.oid, o.polrelid as of_oid,
      n.nspname as schema, c.relname as table, o.polname as name, o.polpermissive as permissive,
      case o.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
        when 'd' then 'delete' else 'all' end as command,
      array(select case m.oid when 0 then 'public' else pg_get_userbyid(m.oid)::text end
        from unnest(o.polroles) m (oid) order by 1) as roles,
      pg_get_expr(o.polqual, o.polrelid) as using, pg_get_expr(o.polwithcheck, o.polrelid) as check
    from pg_policy o join pg_class c on c.oid = o.polrelid join pg_namespace n on n.oid = c.relnamespace
    where ${userSchema}`,
  within: (p) => p.of,
  roles: (p) => p.roles.filter((role) => role !== "public"),
  address,
  create: (p) =>
    `create ${address(p)}${p.permissive ? "" : " as restrictive"}${p.command === "all" ? "" : ` for ${p.command}`}` +
    `${isForAll(p) ? "" : to(p)}${using(p)}${check(p)}`,
  drop: (p) => `drop ${address(p)}`,
  rename: (p, name) => `alter ${address(p)} rename to ${ident(name)}`,
  // ALTER POLICY cannot take an expression away.
  alter: {
    roles: (p) => `alter ${address(p)}${to(p)}`,
    using: (p) => (p.using === null ? null : `alter ${address(p)}${using(p)}`),
    check: (p) => (p.check === null ? null : `alter ${address(p)}${check(p)}`),
  },
});
