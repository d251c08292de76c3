import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  init: z.string().nullable(),
  lexize: z.string(),
});
type TextSearchTemplate = z.infer<typeof row>;

const label = (t: TextSearchTemplate) => ident(t.schema, t.name);

export const textSearchTemplate: Kind<TextSearchTemplate> = defineKind({
  name: "text-search-template",
  folder: "text_search",
  catalog: "pg_ts_template",
  key: ["schema", "name"],
  label,
  row,
  query: () => sql`
    select t.oid, n.nspname as schema, t.tmplname as name, nullif(t.tmplinit::oid, 0)::regproc::text as init,
      t.tmpllexize::text as lexize
    from pg_ts_template t join pg_namespace n on n.oid = t.tmplnamespace
    where ${userSchema} and ${standsAlone("pg_ts_template", "t")}`,
  create: (t) =>
    `create text search template ${label(t)} (${t.init === null ? "" : `init = ${t.init}, `}lexize = ${t.lexize})`,
  drop: (t) => `drop text search template ${label(t)}`,
});
