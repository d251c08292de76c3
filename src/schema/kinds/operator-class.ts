import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { functionItem, members, membersOf, neededByMembers, operatorItem } from "../operator-members.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  method: z.string(),
  /** An object of its own, also where CREATE OPERATOR CLASS made it. */
  family: z.string(),
  type: z.string(),
  default: z.boolean(),
  /** Type of what an index holds, where that is another. */
  storage: z.string().nullable(),
  ...members,
});
type OperatorClass = z.infer<typeof row>;

const label = (c: OperatorClass) => `${ident(c.schema, c.name)} using ${ident(c.method)}`;

/** AS must not be empty; that the type is stored as it is says nothing. */
function items(c: OperatorClass): string {
  const all = [...c.operators.map(operatorItem), ...c.functions.map(functionItem)];
  if (c.storage !== null || all.length === 0) all.push(`storage ${c.storage ?? c.type}`);
  return all.join(", ");
}

export const operatorClass: Kind<OperatorClass> = defineKind({
  name: "operator-class",
  folder: "operators",
  catalog: "pg_opclass",
  key: ["schema", "name", "method"],
  label,
  row,
  query: () => sql`
    select c.oid, n.nspname as schema, c.opcname as name, a.amname as method,
      quote_ident(fn.nspname) || '.' || quote_ident(f.opfname) as family, format_type(c.opcintype, null) as type,
      c.opcdefault as default, format_type(nullif(c.opckeytype, 0), null) as storage,
      ${membersOf("pg_opclass", "c.oid", "f.oid")}
    from pg_opclass c join pg_namespace n on n.oid = c.opcnamespace join pg_am a on a.oid = c.opcmethod
      join pg_opfamily f on f.oid = c.opcfamily join pg_namespace fn on fn.oid = f.opfnamespace
    where ${userSchema} and ${standsAlone("pg_opclass", "c")}`,
  create: (c) =>
    `create operator class ${ident(c.schema, c.name)}${c.default ? " default" : ""} for type ${c.type}` +
    ` using ${ident(c.method)} family ${c.family} as ${items(c)}`,
  drop: (c) => `drop operator class ${label(c)}`,
  needs: (c) => neededByMembers(c),
});
