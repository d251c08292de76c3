import { isNode } from "./node.ts";
import { parsePlpgsql } from "./parse.ts";

/**
 * The SQL in the PL/pgSQL of a CREATE FUNCTION or DO, each piece as a statement of its own; null when it makes SQL while it runs, or is not
 * understood. Types that variables take from tables come as queries of those. Needs `loadParser`.
 */
export function plpgsqlQueries(statement: string): string[] | null {
  const tree = parsePlpgsql(statement);
  if (tree === null) return null;
  const found: string[] = [];
  return walk(tree, found) ? found : null;
}

/** False for code that is made while it runs. */
function walk(value: unknown, found: string[]): boolean {
  if (Array.isArray(value)) return value.every((item) => walk(item, found));
  if (!isNode(value)) return true;
  return Object.entries(value).every(([key, inner]) => {
    if (key.startsWith("PLpgSQL_stmt_dyn") || key === "dynquery") return false;
    if (key === "PLpgSQL_expr" && isNode(inner)) return addQuery(inner, found);
    if (key === "typname") addType(String(inner), found);
    return walk(inner, found);
  });
}

/** As RawParseMode numbers them: a statement, a type, an expression, assignments to variables of one to three names. */
function addQuery({ query, parseMode }: Readonly<Record<string, unknown>>, found: string[]): boolean {
  const text = String(query);
  switch (parseMode) {
    case undefined:
    case 0:
      found.push(text);
      return true;
    case 2:
      found.push(`select ${text}`);
      return true;
    case 3:
    case 4:
    case 5: {
      const at = text.indexOf("=");
      if (at === -1) return false;
      found.push(`select ${text.slice(at + 1)}`);
      return true;
    }
    default:
      return false;
  }
}

/** `t%rowtype`, `t.a%type` */
function addType(name: string, found: string[]): void {
  const [, table] = /^(.+)%rowtype$/i.exec(name.trim()) ?? /^(.+)\.[^.]+%type$/i.exec(name.trim()) ?? [];
  if (table !== undefined) found.push(`select * from ${table}`);
}
