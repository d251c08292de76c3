import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  /** What cannot be altered without losing the name as well; null when there is no more than the name. */
  definition: z.string().nullable(),
});
type ShellType = z.infer<typeof row>;

/** Functions that take or return the type and make it up, by the part of their signature that they keep. */
const signatures = (functions: string) =>
  sql.raw(`
  (select string_agg(x.f::regproc::text || '(' || pg_get_function_arguments(x.f) || ') returns '
      || pg_get_function_result(x.f), ', ' order by x.i)
    from unnest(array[${functions}]) with ordinality x (f, i) where x.f <> 0)`);

/**
 * The name of a type, which has to be there before the functions that the type is made of: CREATE TYPE without a
 * definition. Of a base type, and of a range with a canonical function, it is an object besides the type, so that
 * the three have an order; dropping it takes the functions and the type along.
 */
export const shellType: Kind<ShellType> = defineKind({
  name: "shell-type",
  folder: "types",
  catalog: "pg_type",
  key: ["schema", "name"],
  label: (t) => ident(t.schema, t.name),
  row,
  query: ({ major }) => sql`
    select case when not t.typisdefined then t.oid end as oid, n.nspname as schema, t.typname as name,
      case
        when not t.typisdefined then null
        when r.rngtypid is not null then concat_ws(', ', format_type(r.rngsubtype, null), o.opcname,
          r.rngcollation::regcollation, nullif(r.rngsubdiff::oid, 0)::regproc,
          ${major >= 14 ? sql`format_type(r.rngmultitypid, null)` : sql`null`}, ${signatures("r.rngcanonical")})
        else concat_ws(', ', ${signatures("t.typinput, t.typoutput")}, 'length ' || t.typlen,
          'alignment ' || t.typalign::text, 'category ' || t.typcategory::text, 'delimiter ' || t.typdelim::text,
          case when t.typbyval then 'by value' end, case when t.typispreferred then 'preferred' end,
          case when t.typcollation <> 0 then 'collatable' end, 'default ' || t.typdefault,
          'element ' || nullif(t.typelem, 0)::regtype::text)
      end as definition
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
      left join pg_range r on r.rngtypid = t.oid left join pg_opclass o on o.oid = r.rngsubopc
    where (not t.typisdefined or r.rngcanonical <> 0
      or t.typtype = 'b' and not exists (select from pg_type element where element.typarray = t.oid))
      and ${userSchema} and ${standsAlone("pg_type", "t")}`,
  address: (t) => `type ${ident(t.schema, t.name)}`,
  create: (t) => `create type ${ident(t.schema, t.name)}`,
  drop: (t) => `drop type ${ident(t.schema, t.name)}${t.definition === null ? "" : " cascade"}`,
  alter: { definition: (_to, from) => (from.definition === null ? [] : null) },
  needs: (t) => [`schema ${ident(t.schema)}`],
  grantedAs: "type",
  occupies: (t) => [ident(t.schema, t.name)],
});
