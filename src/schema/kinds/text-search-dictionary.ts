import * as z from "zod";
import { skipBlank } from "../../sql/lexer.ts";
import { ident, sql } from "../../sql/tag.ts";
import { tokenEnd } from "../../sql/token.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  template: z.string(),
  /** As `name = value, …`. */
  options: z.string().nullable(),
});
type TextSearchDictionary = z.infer<typeof row>;

const label = (d: TextSearchDictionary) => ident(d.schema, d.name);

/** The names in a list of options: the first token of each. */
function optionNames(options: string): string[] {
  const names: string[] = [];
  let isFirst = true;
  for (let at = skipBlank(options, 0); at < options.length; at = skipBlank(options, at)) {
    const end = tokenEnd(options, at);
    const token = options.slice(at, end);
    if (isFirst) names.push(token);
    isFirst = token === ",";
    at = end;
  }
  return names;
}

/** An option without a value is taken away; one with a value moves to the end, so that all stand in their order. */
function setOptions(to: TextSearchDictionary, from: TextSearchDictionary): string {
  const kept = new Set(optionNames(to.options ?? ""));
  const gone = optionNames(from.options ?? "").filter((name) => !kept.has(name));
  const items = [...gone, ...(to.options === null ? [] : [to.options])];
  return `alter text search dictionary ${label(to)} (${items.join(", ")})`;
}

export const textSearchDictionary: Kind<TextSearchDictionary> = defineKind({
  name: "text-search-dictionary",
  folder: "text_search",
  catalog: "pg_ts_dict",
  key: ["schema", "name"],
  label,
  row,
  query: () => sql`
    select d.oid, n.nspname as schema, d.dictname as name,
      quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname) as template, d.dictinitoption as options
    from pg_ts_dict d join pg_namespace n on n.oid = d.dictnamespace
      join pg_ts_template t on t.oid = d.dicttemplate join pg_namespace tn on tn.oid = t.tmplnamespace
    where ${userSchema} and ${standsAlone("pg_ts_dict", "d")}`,
  create: (d) =>
    `create text search dictionary ${label(d)} (template = ${d.template}${d.options === null ? "" : `, ${d.options}`})`,
  drop: (d) => `drop text search dictionary ${label(d)}`,
  alter: { options: setOptions },
});
