import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { newName } from "../other-name.ts";
import { userSchema } from "../scope.ts";
import type { Place, Statements } from "../statement.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  table: z.string(),
  column: z.string(),
  /** Of the constraint (since PostgreSQL 18), where it is not the one that PostgreSQL gives. */
  name: z.string().nullable(),
  validated: z.boolean(),
  no_inherit: z.boolean(),
});
type NotNull = z.infer<typeof row>;

const alter = (k: NotNull, action: string): string => `alter table ${ident(k.schema, k.table)} ${action}`;

const nameOf = (k: NotNull): string => k.name ?? `${k.table}_${k.column}_not_null`;

const endings = (k: NotNull): string => (k.no_inherit ? " no inherit" : "");

const named = (k: NotNull): string => (k.name === null ? "" : `constraint ${ident(k.name)} `);

const clause = (k: NotNull): string => `${named(k)}not null ${ident(k.column)}${endings(k)}`;

const constraint = (k: NotNull, isValid = k.validated): string =>
  alter(k, `add ${clause(k)}${isValid ? "" : " not valid"}`);

/** A scan under a lock is spared by a constraint that is validated without one, as PostgreSQL trusts it. */
function create(k: NotNull, { fresh, online, major }: Place): Statements {
  const set = alter(k, `alter column ${ident(k.column)} set not null`);
  if (major >= 18) {
    if (!online || fresh || !k.validated) return constraint(k);
    return [constraint(k, false), validate(k)];
  }
  if (!online || fresh) return set;
  const proof = ident(newName(`${k.column}_not_null`));
  return [
    alter(k, `add constraint ${proof} check (${ident(k.column)} is not null) not valid`),
    { sql: alter(k, `validate constraint ${proof}`), transaction: "own" },
    set,
    alter(k, `drop constraint ${proof}`),
  ];
}

/** A child says it of the column that it inherits. */
const isOnColumn = (of: string): boolean => of.startsWith("column ");

/**
 * A new column of rows that are there gets a volatile default after it was added. Before PostgreSQL 18 there is no
 * clause of a table for it.
 */
function inline(k: NotNull, { fresh, rowOf, major }: Place): string | null {
  const waits = !fresh && rowOf(`default ${ident(k.schema, k.table, k.column)}`)?.["volatile"] === true;
  if (waits || !k.validated) return null;
  if (isOnColumn(k.of)) return `${named(k)}not null${endings(k)}`;
  return major < 18 ? null : clause(k);
}

const validate = (k: NotNull) =>
  ({ sql: alter(k, `validate constraint ${ident(nameOf(k))}`), transaction: "own" }) as const;

/** Of columns declared by their table, and of inherited ones where no parent says it. */
export const notNull: Kind<NotNull> = defineKind({
  name: "not-null",
  catalog: "pg_constraint",
  key: ["schema", "table", "column"],
  label: (k) => ident(k.schema, k.table, k.column),
  drift: { type: "nullable_mismatch", severity: "warning" },
  row,
  query: ({ major }) => sql`
    select ${major < 18 ? sql`null::oid` : sql`k.oid`} as oid, a.attrelid as of_oid, a.attnum as of_sub,
      n.nspname as schema, c.relname as table, a.attname as column,
      ${
        major < 18
          ? sql`null as name, true as validated, false as no_inherit`
          : sql`nullif(k.conname, c.relname || '_' || a.attname || '_not_null') as name,
              coalesce(k.convalidated, true) as validated, coalesce(k.connoinherit, false) as no_inherit`
      }
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      ${
        major < 18
          ? sql``
          : sql`join pg_constraint k on k.contype = 'n' and k.conrelid = a.attrelid and k.conkey = array[a.attnum]`
      }
    where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
      and a.attnotnull and (a.attislocal or a.attinhcount = 0
        or ${
          major < 18
            ? sql`not exists (select from pg_inherits h join pg_attribute pa on pa.attrelid = h.inhparent
                where h.inhrelid = a.attrelid and pa.attname = a.attname and pa.attnotnull)`
            : sql`k.conislocal and k.coninhcount = 0`
        }) and ${userSchema}`,
  within: (k) => k.of,
  address: (k) => `constraint ${ident(nameOf(k))} on ${ident(k.schema, k.table)}`,
  inline,
  needs: (k) => [`default ${ident(k.schema, k.table, k.column)}`],
  create,
  drop: (k) => alter(k, `alter column ${ident(k.column)} drop not null`),
  alter: {
    name: (to, from) => alter(to, `rename constraint ${ident(nameOf(from))} to ${ident(nameOf(to))}`),
    validated: (to) => (to.validated ? [validate(to)] : null),
    no_inherit: (to) =>
      alter(to, `alter constraint ${ident(nameOf(to))} ${to.no_inherit ? "no inherit" : "inherit"}`),
  },
  carried: true,
});
