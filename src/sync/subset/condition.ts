import { ConfitureError } from "../../base/errors.ts";
import { volatileCallsIn } from "../../sql/expression-facts.ts";
import { isNode, type Node, namePartsOf, textOf } from "../../sql/node.ts";
import { parseTrees, type Token, tokensOf } from "../../sql/parse.ts";
import { literal } from "../../sql/tag.ts";
import { byteToIndex } from "../../sql/utf8.ts";

const PREFIX = "select where\n";

/** What a SELECT with nothing but a condition has. */
const FIELDS: ReadonlySet<string> = new Set(["whereClause", "limitOption", "op"]);

/**
 * A condition of the user's, as text that stands between parentheses. As every query of a sync must choose the same
 * rows, on whichever connection it runs, the time is written into it. Throws SYNC_302 for what is not one expression,
 * has parameters, or gives another result each time. Needs `loadParser`.
 */
export function conditionText(condition: string, table: string, now: string): string {
  const text = PREFIX + condition;
  const refuse = (why: string, pointer?: string) =>
    new ConfitureError("SYNC_302", `the condition for rows of ${table} ${why}`, { pointer });
  const expression = expressionIn(text, refuse);
  const nodes = nodesIn(expression);
  if (nodes.some((node) => "ParamRef" in node)) throw refuse("has a parameter");
  const [volatile] = volatileCallsIn(expression);
  if (volatile !== undefined) {
    throw refuse(`calls ${volatile}(), which gives something else each time; sample takes some of the rows`);
  }
  return `(${withTime(text, nodes, now).slice(PREFIX.length)}\n)`;
}

function expressionIn(text: string, refuse: (why: string, pointer?: string) => ConfitureError): unknown {
  const select = onlySelectIn(text, refuse);
  const isOne =
    select !== undefined &&
    Object.keys(select).every((field) => FIELDS.has(field)) &&
    select["op"] === "SETOP_NONE" &&
    !tokensOf(text).some((token) => token.text === ";");
  if (!isOne) throw refuse("is not one expression");
  return select["whereClause"];
}

function onlySelectIn(
  text: string,
  refuse: (why: string, pointer?: string) => ConfitureError,
): Node | undefined {
  try {
    const trees = parseTrees({ text }, "SYNC_302");
    return trees.length === 1 && trees[0]!.kind === "SelectStmt" ? (trees[0]!.node as Node) : undefined;
  } catch (error) {
    if (!(error instanceof ConfitureError)) throw error;
    throw refuse(error.message.replace(/^SQL /, ""), error.context.pointer);
  }
}

function nodesIn(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return isNode(value) ? [value, ...Object.values(value).flatMap(nodesIn)] : [];
}

/** Functions that give the start of the transaction, or nearly so. */
const NOW: ReadonlySet<string> = new Set(["now", "statement_timestamp", "transaction_timestamp"]);

/** Words of SQL that do, and the types of what they give. */
const TIMES: Readonly<Record<string, string>> = {
  SVFOP_CURRENT_DATE: "date",
  SVFOP_CURRENT_TIME: "timetz",
  SVFOP_CURRENT_TIME_N: "timetz",
  SVFOP_CURRENT_TIMESTAMP: "timestamptz",
  SVFOP_CURRENT_TIMESTAMP_N: "timestamptz",
  SVFOP_LOCALTIME: "time",
  SVFOP_LOCALTIME_N: "time",
  SVFOP_LOCALTIMESTAMP: "timestamp",
  SVFOP_LOCALTIMESTAMP_N: "timestamp",
};

function withTime(text: string, nodes: readonly Node[], now: string): string {
  const times = nodes.flatMap(timeIn).toSorted((a, b) => b.location - a.location);
  if (times.length === 0) return text;
  const toIndex = byteToIndex(text);
  const tokens = tokensOf(text).filter((token) => !/^(--|\/\*)/.test(token.text));
  return times.reduce((done, { location, type, isCall }) => {
    const first = tokens.findIndex(({ start }) => start === toIndex(location));
    const open = tokens.findIndex(({ text: word }, i) => i > first && word === "(");
    const hasList = isCall || open === first + 1;
    const close = tokens.findIndex(({ text: word }, i) => i > open && word === ")");
    const precision = textBetween(text, tokens[open], tokens[close]);
    const end = hasList ? tokens[close]!.end : tokens[first]!.end;
    const value = timeText(now, type, hasList ? precision : "");
    return `${done.slice(0, tokens[first]!.start)}${value}${done.slice(end)}`;
  }, text);
}

const textBetween = (text: string, open: Token | undefined, close: Token | undefined): string =>
  text.slice(open?.end, close?.start).trim();

function timeText(now: string, type: string, precision: string): string {
  const time = `cast(${literal(now).trim()} as pg_catalog.timestamptz)`;
  const value = type === "timestamptz" ? time : `cast(${time} as pg_catalog.${type})`;
  return precision === "" ? value : `cast(${value} as pg_catalog.${type}(${precision}))`;
}

/** Where a time stands in the text, as an offset in UTF-8, and its type. */
interface Time {
  readonly location: number;
  readonly type: string;
  readonly isCall: boolean;
}

function timeIn({ FuncCall: call, SQLValueFunction: value }: Node): readonly Time[] {
  if (isNode(value)) {
    const type = TIMES[textOf(value["op"]) ?? ""];
    return type === undefined ? [] : [{ location: Number(value["location"]), type, isCall: false }];
  }
  if (!isNode(call)) return [];
  const name = namePartsOf(call["funcname"])
    .join(".")
    .replace(/^pg_catalog\./, "");
  const isNow = NOW.has(name) && call["args"] === undefined;
  return isNow ? [{ location: Number(call["location"]), type: "timestamptz", isCall: true }] : [];
}
