import * as z from "zod";
import type { Server } from "../pg/connection.ts";
import { ident, type Sql, sql } from "../sql/tag.ts";
import { type Kind } from "./kind.ts";
import { userSchema } from "./scope.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  /** Table, or domain. */
  table: z.string(),
  name: z.string(),
  /** As pg_get_constraintdef, without what the attributes below say. */
  definition: z.string(),
  /** False after NOT VALID. */
  validated: z.boolean(),
  /** False after NOT ENFORCED (PostgreSQL 18). */
  enforced: z.boolean(),
  deferrable: z.enum(["deferrable", "initially deferred"]).nullable(),
  /** Storage parameters of the index behind the constraint. */
  index_options: z.array(z.string()),
  /** False when the index behind the constraint is unusable. */
  index_valid: z.boolean(),
});
export type Constraint = z.infer<typeof row>;

const without = (definition: string, ending: string): string =>
  `case when right(${definition}, ${ending.length}) = '${ending}'
    then left(${definition}, -${ending.length}) else ${definition} end`;

/** pg_get_constraintdef puts these last, in this order: DEFERRABLE, INITIALLY DEFERRED, NOT ENFORCED or NOT VALID. */
const ENDINGS = [" NOT VALID", " NOT ENFORCED", " INITIALLY DEFERRED", " DEFERRABLE"];

/** Constraints of one contype that were declared where they stand: inherited ones and clones are left out. */
function query(contype: string, server: Server): Sql {
  // OFFSET 0 keeps the planner from calling pg_get_constraintdef once for every mention of its result.
  const definition = ENDINGS.reduce(
    (from, ending) => `select ${without("d.definition", ending)} as definition from (${from} offset 0) d`,
    "select pg_get_constraintdef(k.oid) as definition",
  );
  const enforced = server.major >= 18 ? "k.conenforced" : "true";
  return sql.raw(`
    select k.oid, case when k.contypid <> 0 then 'pg_type' else 'pg_class' end as of_catalog,
      case when k.contypid <> 0 then k.contypid else k.conrelid end as of_oid,
      n.nspname as schema, coalesce(t.typname, c.relname) as table, k.conname as name,
      (${definition}) as definition, k.convalidated as validated, ${enforced} as enforced,
      case when k.condeferred then 'initially deferred' when k.condeferrable then 'deferrable' end as deferrable,
      array(select unnest(ic.reloptions) order by 1) as index_options,
      coalesce(i.indisvalid, true) as index_valid
    from pg_constraint k
      left join pg_class c on c.oid = k.conrelid
      left join pg_type t on t.oid = k.contypid
      join pg_namespace n on n.oid = coalesce(c.relnamespace, t.typnamespace)
      left join pg_class ic on ic.oid = k.conindid and k.contype in ('p', 'u', 'x')
      left join pg_index i on i.indexrelid = ic.oid
    where k.contype = '${contype}' and k.conislocal and k.conparentid = 0 and ${userSchema.text}`);
}

/** A kind of constraint; they differ in name and pg_constraint.contype only. */
export const constraintKind = (name: string, contype: "c" | "f" | "p" | "u" | "x"): Kind<Constraint> => ({
  name,
  catalog: "pg_constraint",
  key: ["schema", "table", "name"],
  label: (k) => ident(k.schema, k.table, k.name),
  row,
  query: (server) => query(contype, server),
  within: (k) => k.of,
});
