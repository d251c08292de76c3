import { ConfitureError } from "../base/errors.ts";
import { isNode, type Node, nodesOf, unwrap } from "./node.ts";
import { parseTrees, tokensOf } from "./parse.ts";
import { byteToIndex } from "./utf8.ts";

/**
 * SQL as a server prints it, so that the server reads it back as it was: `a in ('x')` of a varchar is printed as
 * `(ARRAY['x'::character varying])::text[]`, which casts each element instead of the array, and is printed in another
 * way afterwards. `ARRAY[…]::character varying[]` keeps the array as it is. Needs `loadParser`.
 */
export function withArrayTypes(sql: string): string {
  if (!sql.includes("])::")) return sql;
  const casts = castArrays(sql);
  if (casts.length === 0) return sql;
  const toIndex = byteToIndex(sql);
  const tokens = tokensOf(sql);
  let [text, done] = ["", 0];
  for (const { end, type } of casts) {
    const first = tokens.findIndex((token) => token.start === toIndex(type));
    const last = tokens.findIndex((token, i) => i > first && ENDS.has(token.text)) - 1;
    const close = toIndex(end) + 1;
    text += `${sql.slice(done, close)}::${sql.slice(tokens[first]?.start, tokens[last]?.end)}[]`;
    done = close;
  }
  return text + sql.slice(done);
}

/** Tokens behind the name of a type among the elements of an array. */
const ENDS: ReadonlySet<string> = new Set([",", "]", ")", "::"]);

/** In UTF-8 offsets: where the last bracket stands, and the name of the elements' type. */
interface CastArray {
  readonly end: number;
  readonly type: number;
}

/** The arrays that are cast as a whole and have elements of one other type that they name. */
function castArrays(sql: string): CastArray[] {
  const found: CastArray[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isNode(value)) return;
    const cast = unwrap(value, "TypeCast");
    const array = cast && arrayIn(cast);
    if (array) found.push(array);
    Object.values(value).forEach(visit);
  };
  for (const { node } of treesOf(sql)) visit(node);
  return found.sort((a, b) => a.end - b.end);
}

function arrayIn({ arg }: Node): CastArray | undefined {
  const array = unwrap(arg, "A_ArrayExpr");
  const types = nodesOf(array?.["elements"])
    .map((element) => unwrap(element, "TypeCast")?.["typeName"])
    .filter(isNode);
  const [first] = types;
  const isPlain = (type: Node) => type["typmods"] === undefined && type["arrayBounds"] === undefined;
  if (first === undefined || !types.every((type) => isPlain(type) && isSame(type, first))) return undefined;
  return { end: Number(array?.["list_end"]), type: Number(first["location"]) };
}

const isSame = (a: Node, b: Node): boolean => JSON.stringify(a["names"]) === JSON.stringify(b["names"]);

/** Older servers print what the parser's grammar does not take. */
function treesOf(sql: string) {
  try {
    return parseTrees({ text: sql }, "SQL_001");
  } catch (error) {
    if (error instanceof ConfitureError) return [];
    throw error;
  }
}
