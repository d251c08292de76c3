import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { userSchema } from "../scope.ts";
import type { Place, Statements } from "../statement.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  table: z.string(),
  column: z.string(),
  expression: z.string(),
  /** It gives another value for each row, so that a new column with it makes PostgreSQL rewrite the table. */
  volatile: z.boolean(),
});
type Default = z.infer<typeof row>;

const alter = (d: Default, action: string): string =>
  `alter table ${ident(d.schema, d.table)} alter column ${ident(d.column)} ${action}`;

/** Rows that are there get the value too, as they would from ADD COLUMN … DEFAULT. */
function create(d: Default, { withinNew }: Place): Statements {
  const set = alter(d, `set default ${d.expression}`);
  if (!withinNew) return set;
  const [table, column] = [ident(d.schema, d.table), ident(d.column)];
  return [
    set,
    { sql: `update ${table} set ${column} = default where ${column} is null`, transaction: "own" },
  ];
}

/**
 * Of columns declared by their table. A default names no column, so it is printed without its table, which takes
 * the server a third of the time. Which functions it calls is read from its stored tree.
 */
export const defaultKind: Kind<Default> = defineKind({
  name: "default",
  catalog: "pg_attrdef",
  key: ["schema", "table", "column"],
  label: (d) => ident(d.schema, d.table, d.column),
  drift: { type: "default_mismatch", severity: "warning" },
  row,
  query: () => sql`
    select d.oid, a.attrelid as of_oid, a.attnum as of_sub, n.nspname as schema, c.relname as table,
      a.attname as column, pg_get_expr(d.adbin, 0) as expression,
      d.adbin::text like '%:funcid %' and exists (
        select from regexp_matches(d.adbin::text, ':funcid (\\d+)', 'g') called
        join pg_proc p on p.oid = called[1]::oid where p.provolatile = 'v') as volatile
    from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
      join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and a.attgenerated = '' and (a.attislocal or a.attinhcount = 0) and ${userSchema}`,
  within: (d) => d.of,
  same: { volatile: () => true },
  inline: (d, { fresh }) => (d.volatile && !fresh ? null : `default ${d.expression}`),
  create,
  drop: (d) => alter(d, "drop default"),
  alter: { expression: (to) => alter(to, `set default ${to.expression}`) },
});
