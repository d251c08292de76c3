import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  subtype: z.string(),
  operator_class: z.string(),
  /** Only when it is not the subtype's. */
  collation: z.string().nullable(),
  canonical: z.string().nullable(),
  subtype_diff: z.string().nullable(),
  /** Since PostgreSQL 14. */
  multirange: z.string().nullable(),
});
type RangeType = z.infer<typeof row>;

export const rangeType: Kind<RangeType> = defineKind({
  name: "range-type",
  catalog: "pg_type",
  key: ["schema", "name"],
  label: (t) => ident(t.schema, t.name),
  row,
  query: (server) => sql`
    select t.oid, n.nspname as schema, t.typname as name, format_type(r.rngsubtype, null) as subtype,
      quote_ident(on_.nspname) || '.' || quote_ident(o.opcname) as operator_class,
      case when r.rngcollation <> s.typcollation then r.rngcollation::regcollation::text end as collation,
      nullif(r.rngcanonical::oid, 0)::regproc::text as canonical,
      nullif(r.rngsubdiff::oid, 0)::regproc::text as subtype_diff,
      ${server.major >= 14 ? sql`format_type(r.rngmultitypid, null)` : sql`null`} as multirange
    from pg_range r join pg_type t on t.oid = r.rngtypid join pg_namespace n on n.oid = t.typnamespace
      join pg_type s on s.oid = r.rngsubtype join pg_opclass o on o.oid = r.rngsubopc
      join pg_namespace on_ on on_.oid = o.opcnamespace
    where ${userSchema} and ${standsAlone("pg_type", "t")}`,
});
