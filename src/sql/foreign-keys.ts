import { isNode, type Node, nodesOf, nodesOfKind, textOf, unwrap } from "./node.ts";
import { parseTrees, scanTokens, type Token } from "./parse.ts";
import type { Statement } from "./script.ts";
import { ident } from "./tag.ts";
import { byteToIndex } from "./utf8.ts";

/** A CREATE TABLE in two steps: the table, and the keys that need other tables. */
export interface CutForeignKeys {
  readonly withoutForeignKeys: string;
  /** Each a complete `alter table … add … foreign key …`, in the order the table names them. */
  readonly foreignKeys: readonly string[];
}

/** One element between the parentheses of a CREATE TABLE. */
interface Element {
  readonly node: Node;
  /** From the comma or parenthesis before it to the one after it. */
  readonly start: number;
  readonly end: number;
  /** Without comments. */
  readonly tokens: readonly Token[];
}

/**
 * Cut the foreign keys out of a CREATE TABLE; any other statement comes back whole. Run one after the other, the
 * parts make the same catalog, save where `IF NOT EXISTS` finds a table: the keys are added to it all the same.
 */
export async function cutForeignKeys(statement: Statement): Promise<CutForeignKeys> {
  const { text } = statement;
  if (statement.kind !== "CreateStmt" || !elementsOf(statement.node as Node).some(holdsForeignKey)) {
    return { withoutForeignKeys: text, foreignKeys: [] };
  }
  const tokens = (await scanTokens(text)).filter((token) => !isComment(token));
  const table = parseTrees({ text }, "SQL_001")[0]?.node as Node;
  const relation = table["relation"] as Node;
  const toIndex = byteToIndex(text);
  const open = tokens.findIndex(
    (token) => token.text === "(" && token.start > toIndex(Number(relation["location"] ?? 0)),
  );
  const { elements, close } = splitElements(tokens, open, elementsOf(table));
  const name = [relation["schemaname"], relation["relname"]].filter((part) => typeof part === "string");
  const alter = `alter table ${ident(...name)} add`;
  const foreignKeys: string[] = [];
  const kept: string[] = [];
  for (const element of elements) {
    const cut = cutElement(element, text, toIndex);
    foreignKeys.push(...cut.foreignKeys.map((key) => `${alter} ${key}`));
    if (cut.rest !== undefined) kept.push(cut.rest);
  }
  const last = elements.at(-1)!;
  const tail = isForeignKey(last.node) ? text.slice(last.tokens.at(-1)!.end, last.end) : "";
  const needsNoElements = "ofTypename" in table || "partbound" in table;
  const list = kept.length === 0 && needsNoElements ? "" : `(${kept.join(",")}${tail})`;
  const withoutForeignKeys = text.slice(0, tokens[open]!.start) + list + text.slice(close.end);
  return { withoutForeignKeys, foreignKeys };
}

const isComment = ({ text }: Token): boolean => text.startsWith("--") || text.startsWith("/*");

const elementsOf = (table: Node): readonly Node[] => nodesOf(table["tableElts"]);

const isForeignKey = (node: unknown): boolean => unwrap(node, "Constraint")?.["contype"] === "CONSTR_FOREIGN";

const holdsForeignKey = (node: Node): boolean =>
  isForeignKey(node) || nodesOf(unwrap(node, "ColumnDef")?.["constraints"]).some(isForeignKey);

/** The elements of the list that opens at a token, told apart by its own commas. */
function splitElements(
  tokens: readonly Token[],
  open: number,
  nodes: readonly Node[],
): { elements: readonly Element[]; close: Token } {
  const elements: Element[] = [];
  let depth = 0;
  let first = open + 1;
  for (let i = open; ; i++) {
    const token = tokens[i]!;
    if (token.text === "(" || token.text === "[") depth++;
    else if (token.text === ")" || token.text === "]") depth--;
    if (depth === 0 || (depth === 1 && token.text === ",")) {
      const node = nodes[elements.length]!;
      elements.push({
        node,
        start: tokens[first - 1]!.end,
        end: token.start,
        tokens: tokens.slice(first, i),
      });
      first = i + 1;
    }
    if (depth === 0) return { elements, close: token };
  }
}

const textOfTokens = (text: string, tokens: readonly Token[]): string =>
  tokens.length === 0 ? "" : text.slice(tokens[0]!.start, tokens.at(-1)!.end);

/** A table's key without NOT VALID, which CREATE TABLE ignores, as the new table has no rows, but ALTER TABLE obeys. */
function validated(text: string, tokens: readonly Token[]): string {
  const isWord = (i: number, word: string) => tokens[i]?.text.toLowerCase() === word;
  const not = tokens.findIndex((_, i) => isWord(i, "not") && isWord(i + 1, "valid"));
  const parts = not === -1 ? [tokens] : [tokens.slice(0, not), tokens.slice(not + 2)];
  return parts
    .map((part) => textOfTokens(text, part))
    .join(" ")
    .trimEnd();
}

/** Take the foreign keys out of one element; `rest` is absent when it is nothing but a key. */
function cutElement(
  { node, start, end, tokens }: Element,
  text: string,
  toIndex: (byte: number) => number,
): { rest?: string; foreignKeys: readonly string[] } {
  if (isForeignKey(node)) return { foreignKeys: [validated(text, tokens)] };
  const column = unwrap(node, "ColumnDef");
  if (!column) return { rest: text.slice(start, end), foreignKeys: [] };
  const columnName = ident(textOf(column["colname"]) ?? "");
  const keys = keysOfColumn(column, tokens, toIndex);
  const foreignKeys = keys.map((parts) => {
    const [constraint, ...attributes] = parts.map((part) => textOfTokens(text, part));
    const name = parts[0]!.findIndex((token) => token.text.toLowerCase() === "references");
    const at = parts[0]![name]!.start - parts[0]![0]!.start;
    const key = `${constraint!.slice(0, at)}foreign key (${columnName}) ${constraint!.slice(at)}`;
    return [key, ...attributes].join(" ");
  });
  let rest = "";
  let from = start;
  for (const part of keys.flat()) {
    rest += text.slice(from, part[0]!.start).replace(/[ \t]+$/, ""); // a line break may end a comment
    from = part.at(-1)!.end;
  }
  return { rest: rest + text.slice(from, end), foreignKeys };
}

/** Of every key of a column, its constraint's tokens and those of each attribute, such as DEFERRABLE, that follows it. */
function keysOfColumn(
  column: Node,
  tokens: readonly Token[],
  toIndex: (byte: number) => number,
): readonly (readonly (readonly Token[])[])[] {
  const collation = isNode(column["collClause"]) ? [column["collClause"]] : [];
  const parts = [...nodesOfKind(column["constraints"], "Constraint"), ...collation]
    .map((node) => ({ contype: textOf(node["contype"]), start: toIndex(Number(node["location"] ?? 0)) }))
    .toSorted((a, b) => a.start - b.start);
  const keys: (readonly Token[])[][] = [];
  let isOpen = false;
  parts.forEach(({ contype, start }, i) => {
    const end = parts[i + 1]?.start ?? Infinity;
    const own = tokens.filter((token) => token.start >= start && token.start < end);
    if (contype === "CONSTR_FOREIGN") keys.push([own]);
    else if (isOpen && contype?.startsWith("CONSTR_ATTR_")) keys.at(-1)!.push(own);
    if (contype !== undefined)
      isOpen = contype === "CONSTR_FOREIGN" || (isOpen && contype.startsWith("CONSTR_ATTR_"));
  });
  return keys;
}
