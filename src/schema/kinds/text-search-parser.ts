import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  start: z.string(),
  gettoken: z.string(),
  end: z.string(),
  headline: z.string().nullable(),
  lextypes: z.string(),
});
type TextSearchParser = z.infer<typeof row>;

const label = (p: TextSearchParser) => ident(p.schema, p.name);

export const textSearchParser: Kind<TextSearchParser> = defineKind({
  name: "text-search-parser",
  folder: "text_search",
  catalog: "pg_ts_parser",
  key: ["schema", "name"],
  label,
  row,
  query: () => sql`
    select p.oid, n.nspname as schema, p.prsname as name, p.prsstart::text as start, p.prstoken::text as gettoken,
      p.prsend::text as end, nullif(p.prsheadline::oid, 0)::regproc::text as headline, p.prslextype::text as lextypes
    from pg_ts_parser p join pg_namespace n on n.oid = p.prsnamespace
    where ${userSchema} and ${standsAlone("pg_ts_parser", "p")}`,
  create: (p) =>
    `create text search parser ${label(p)} (start = ${p.start}, gettoken = ${p.gettoken}, end = ${p.end},` +
    `${p.headline === null ? "" : ` headline = ${p.headline},`} lextypes = ${p.lextypes})`,
  drop: (p) => `drop text search parser ${label(p)}`,
});
