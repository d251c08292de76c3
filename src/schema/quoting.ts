import { ident, literal } from "../sql/tag.ts";

/** A string literal without the space that `literal` may begin with. */
export const text = (value: string): string => literal(value).trimStart();

/** Quotes a body as it stands, between dollars that do not occur in it. */
export function dollarQuoted(body: string): string {
  for (let n = 0; ; n++) {
    const tag = n === 0 ? "$$" : `$body${n === 1 ? "" : n}$`;
    if (`${body}${tag}`.indexOf(tag) === body.length) return `${tag}${body}${tag}`;
  }
}

/** Settings whose value is a list of names that are quoted already: GUC_LIST_QUOTE, PostgreSQL 13 to 18. */
const LISTS: ReadonlySet<string> = new Set([
  "local_preload_libraries",
  "search_path",
  "session_preload_libraries",
  "shared_preload_libraries",
  "temp_tablespaces",
  "unix_socket_directories",
]);

/** Its members; names in double quotes or bare, as flatten_set_variable_args writes them. */
const members = (list: string): string[] =>
  [...list.matchAll(/"((?:[^"]|"")*)"|[^\s,"]+/g)].map(
    ([bare, quoted]) => quoted?.replaceAll('""', '"') ?? bare,
  );

/** A SET clause from an entry of pg_proc.proconfig, `name=value`. */
export function setClause(entry: string): string {
  const at = entry.indexOf("=");
  const [name, value] = [entry.slice(0, at), entry.slice(at + 1)];
  const values = LISTS.has(name) ? members(value) : [value];
  return `set ${ident(...name.split("."))} to ${values.map(text).join(", ")}`;
}
