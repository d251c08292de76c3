import { Document, isMap, Pair, Scalar, YAMLMap } from "yaml";
import type { RuleText } from "../rule-schema.ts";

/** What the file says of one column. */
export interface ColumnText {
  readonly column: string;
  /** Null where it has the rule of another, which the comment names. */
  readonly rule: RuleText | null;
  readonly comment: string;
}

export interface TableText {
  readonly table: string;
  readonly columns: readonly ColumnText[];
  /** A comment above it. */
  readonly before?: string | null | undefined;
}

/** Nothing is folded. */
export const WRITTEN = { lineWidth: 0 } as const;

/** Above what is proposed. */
export const HEAD = ` What stands in for the values of each column: see docs/anonymizers.md. \`confiture sync init\` proposed it from names,
 types and samples of values: read it before it is relied on.`;

/** A rules file. */
export function rulesText(tables: readonly TableText[], head: string | null = null): string {
  const document = new Document({ version: 1, tables: {} });
  document.commentBefore = head;
  const map = document.get("tables") as YAMLMap;
  map.items = tables.map(tablePair);
  map.flow = tables.length === 0;
  return document.toString(WRITTEN);
}

/** `table: {columns: …}`; nothing in it where each column has the rule of another. */
export function tablePair({ table, columns, before = null }: TableText): Pair {
  const value = new YAMLMap();
  if (columns.some(({ rule }) => rule !== null)) {
    const map = new YAMLMap();
    map.items = columnPairs(columns);
    map.comment = commentOf(columns.slice(columns.findLastIndex(({ rule }) => rule !== null) + 1));
    value.items = [new Pair(new Scalar("columns"), map)];
  } else {
    value.flow = true;
    value.comment = comment("every column has the rule of the one that it refers to");
  }
  const key = new Scalar(table);
  key.commentBefore = before;
  return new Pair(key, value);
}

/** A line for each column that has a rule, its comment behind it; columns without one are comments before it. */
export function columnPairs(columns: readonly ColumnText[]): Pair[] {
  const document = new Document({});
  let before: ColumnText[] = [];
  return columns.flatMap((one) => {
    if (one.rule === null) {
      before.push(one);
      return [];
    }
    const { key, value } = document.createPair(one.column, one.rule) as Pair<Scalar, Scalar | YAMLMap>;
    key.commentBefore = commentOf(before);
    before = [];
    if (isMap(value)) value.flow = !isDeep(one.rule);
    if (isMap(value) && value.flow !== true) value.commentBefore = comment(one.comment);
    else value!.comment = comment(one.comment);
    return [new Pair(key, value)];
  });
}

const commentOf = (columns: readonly ColumnText[]): string | null =>
  columns.length === 0
    ? null
    : columns.map(({ column, comment: told }) => comment(`${column}: ${told}`)).join("\n");

/** Whether an option holds rules by themselves. */
const isDeep = (rule: RuleText): boolean =>
  typeof rule === "object" && Object.values(rule).some((option) => typeof option === "object");

/** Names may hold any character. */
const comment = (text: string): string | null =>
  text.trim() === "" ? null : ` ${text.trim().replaceAll(/\s+/g, " ")}`;
