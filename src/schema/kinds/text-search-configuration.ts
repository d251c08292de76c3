import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  parser: z.string(),
  /** By type of token, the dictionaries that are asked in turn. */
  mappings: z.record(z.string(), z.array(z.string())),
});
type TextSearchConfiguration = z.infer<typeof row>;

const label = (c: TextSearchConfiguration) => ident(c.schema, c.name);

const listOf = (tokens: readonly string[]) => tokens.map((token) => ident(token)).join(", ");

/** One statement for all token types with the same dictionaries. */
function map(c: TextSearchConfiguration, action: "add" | "alter", tokens: readonly string[]): string[] {
  const byDictionaries = new Map<string, string[]>();
  for (const token of tokens) {
    const dictionaries = (c.mappings[token] ?? []).join(", ");
    byDictionaries.set(dictionaries, [...(byDictionaries.get(dictionaries) ?? []), token]);
  }
  return [...byDictionaries].map(
    ([dictionaries, alike]) =>
      `alter text search configuration ${label(c)} ${action} mapping for ${listOf(alike)} with ${dictionaries}`,
  );
}

function setMappings(to: TextSearchConfiguration, from: TextSearchConfiguration): string[] {
  const tokens = Object.keys(to.mappings);
  const gone = Object.keys(from.mappings).filter((token) => !Object.hasOwn(to.mappings, token));
  const differs = (token: string) => String(to.mappings[token]) !== String(from.mappings[token]);
  return [
    ...(gone.length === 0
      ? []
      : [`alter text search configuration ${label(to)} drop mapping for ${listOf(gone)}`]),
    ...map(
      to,
      "alter",
      tokens.filter((token) => Object.hasOwn(from.mappings, token) && differs(token)),
    ),
    ...map(
      to,
      "add",
      tokens.filter((token) => !Object.hasOwn(from.mappings, token)),
    ),
  ];
}

export const textSearchConfiguration: Kind<TextSearchConfiguration> = defineKind({
  name: "text-search-configuration",
  folder: "text_search",
  catalog: "pg_ts_config",
  key: ["schema", "name"],
  label,
  row,
  query: () => sql`
    select c.oid, n.nspname as schema, c.cfgname as name,
      quote_ident(pn.nspname) || '.' || quote_ident(p.prsname) as parser,
      coalesce((
        select jsonb_object_agg(m.alias, m.dictionaries order by m.alias)
        from (
          select t.alias, jsonb_agg(quote_ident(dn.nspname) || '.' || quote_ident(d.dictname)
            order by m.mapseqno) as dictionaries
          from pg_ts_config_map m join ts_token_type(c.cfgparser) t on t.tokid = m.maptokentype
            join pg_ts_dict d on d.oid = m.mapdict join pg_namespace dn on dn.oid = d.dictnamespace
          where m.mapcfg = c.oid group by t.alias
        ) m), '{}') as mappings
    from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace
      join pg_ts_parser p on p.oid = c.cfgparser join pg_namespace pn on pn.oid = p.prsnamespace
    where ${userSchema} and ${standsAlone("pg_ts_config", "c")}`,
  create: (c) => [
    `create text search configuration ${label(c)} (parser = ${c.parser})`,
    ...map(c, "add", Object.keys(c.mappings)),
  ],
  drop: (c) => `drop text search configuration ${label(c)}`,
  alter: { mappings: setMappings },
});
