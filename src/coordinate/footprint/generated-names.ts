import { isNode, type Node, namePartsOf, textOf } from "../../sql/node.ts";

const LIMIT = 63;

/**
 * The name that PostgreSQL gives to an object without one, before it makes it unique: names joined by `_`, the longer
 * of the first two cut so that all fits in 63 bytes. After makeObjectName in src/backend/commands/indexcmds.c.
 */
export function generatedName(table: string, columns: string | null, label: string): string {
  const tail = `_${label}`;
  const room = LIMIT - Buffer.byteLength(tail) - (columns === null ? 0 : 1);
  let [first, second] = [Buffer.byteLength(table), Buffer.byteLength(columns ?? "")];
  while (first + second > room) {
    if (first > second) first--;
    else second--;
  }
  const parts = [clip(table, first), ...(columns === null ? [] : [clip(columns, second)])];
  return parts.join("_") + tail;
}

/** At most so many bytes, without half a character. */
function clip(text: string, bytes: number): string {
  const cut = Buffer.from(text).subarray(0, bytes).toString();
  return cut.endsWith("\uFFFD") ? cut.slice(0, -1) : cut;
}

/** Columns of an index as they stand in its name; after ChooseIndexColumnNames and ChooseIndexNameAddition. */
export function indexColumns(elements: readonly Node[]): string {
  const names: string[] = [];
  for (const element of elements) {
    const name = textOf(element["indexcolname"]) ?? textOf(element["name"]) ?? "expr";
    let unique = name;
    for (let i = 1; names.includes(unique); i++) unique = `${clip(name, LIMIT - String(i).length)}${i}`;
    names.push(unique);
  }
  return names.join("_");
}

/** The one column that an expression of CHECK names, or null; after transformCheckConstraint's naming in heap.c. */
export function onlyColumnOf(expression: unknown): string | null {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isNode(value)) return;
    const column = value["ColumnRef"];
    if (isNode(column)) found.add(namePartsOf(column["fields"]).at(-1) ?? "*");
    else Object.values(value).forEach(walk);
  };
  walk(expression);
  const [first] = found;
  return found.size === 1 ? first! : null;
}
