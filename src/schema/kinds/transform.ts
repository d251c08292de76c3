import * as z from "zod";
import { ident, type Sql, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone } from "../scope.ts";

const row = z.object({
  type: z.string(),
  language: z.string(),
  from_sql: z.string().nullable(),
  to_sql: z.string().nullable(),
});
type Transform = z.infer<typeof row>;

const label = (t: Transform) => `for ${t.type} language ${ident(t.language)}`;

function definition(t: Transform): string {
  const functions = [
    ...(t.from_sql === null ? [] : [`from sql with function ${t.from_sql}`]),
    ...(t.to_sql === null ? [] : [`to sql with function ${t.to_sql}`]),
  ];
  return `transform ${label(t)} (${functions.join(", ")})`;
}

const replace = (t: Transform) => `create or replace ${definition(t)}`;

const functionName = (column: string): Sql =>
  sql.raw(`(select quote_ident(s.nspname) || '.' || quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')'
    from pg_proc p join pg_namespace s on s.oid = p.pronamespace where p.oid = ${column})`);

export const transform: Kind<Transform> = defineKind({
  name: "transform",
  folder: "languages",
  catalog: "pg_transform",
  key: ["type", "language"],
  label,
  row,
  query: () => sql`
    select t.oid, format_type(t.trftype, null) as type, l.lanname as language,
      ${functionName("t.trffromsql")} as from_sql, ${functionName("t.trftosql")} as to_sql
    from pg_transform t join pg_language l on l.oid = t.trflang where ${standsAlone("pg_transform", "t")}`,
  create: (t) => `create ${definition(t)}`,
  drop: (t) => `drop transform ${label(t)}`,
  alter: { from_sql: replace, to_sql: replace },
});
