import * as z from "zod";
import { ident, literal, type Sql, sql } from "../sql/tag.ts";

/** Options of something foreign by name. A value that may be a secret is not read, and null. */
export const foreignOptions = z.record(z.string(), z.string().nullable());
export type ForeignOptions = z.infer<typeof foreignOptions>;

const isSecret = "option_name ~* 'passw|secret|token|credential'";

/** The options of a text[] column; `{}` when it is null. */
export const readOptions = (column: string): Sql =>
  sql.raw(`coalesce((select jsonb_object_agg(option_name, case when ${isSecret} then null else option_value end)
    from pg_options_to_table(${column})), '{}')`);

/** Names only. */
export const readOptionNames = (column: string): Sql =>
  sql.raw(`array(select option_name from pg_options_to_table(${column}) order by 1)`);

/** Options without a value are not compared: nothing is known of them. */
export function sameOptions(from: ForeignOptions, to: ForeignOptions): boolean {
  const names = [...Object.keys(from), ...Object.keys(to)];
  return names.every((name) => from[name] === null || to[name] === null || from[name] === to[name]);
}

const entry = (name: string, value: string): string => `${ident(name)} ${literal(value).trimStart()}`;

/** With a space before it; options without a value are left to be set by hand. */
export function optionsClause(options: ForeignOptions): string {
  const entries = Object.entries(options).flatMap(([name, value]) =>
    value === null ? [] : entry(name, value),
  );
  return entries.length === 0 ? "" : ` options (${entries.join(", ")})`;
}

/** `options (add …, set …, drop …)`; options without a value stay as they are. */
export function optionsChange(to: ForeignOptions, from: ForeignOptions): string {
  const changes = Object.entries(to).flatMap(([name, value]) => {
    if (value === null || from[name] === null || from[name] === value) return [];
    return `${from[name] === undefined ? "add" : "set"} ${entry(name, value)}`;
  });
  const dropped = Object.keys(from).filter((name) => from[name] !== null && to[name] === undefined);
  return `options (${[...changes, ...dropped.map((name) => `drop ${ident(name)}`)].join(", ")})`;
}
