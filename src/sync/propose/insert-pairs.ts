import { Document, isCollection, isNode, isPair, type Node, type Pair, visit, YAMLMap } from "yaml";
import { WRITTEN } from "./rules-text.ts";

/** A stretch of a text that becomes another; mostly an empty one. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text with some edits. Of two at one spot, the one that was made first stands behind the other. */
export const edited = (text: string, edits: readonly Edit[]): string =>
  edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((all, { start, end, text: added }) => all.slice(0, start) + added + all.slice(end), text);

/** A mapping of a document, or a key of one that has no value. */
export type Target = YAMLMap | { readonly parent: YAMLMap; readonly pair: Pair };

/**
 * The edits that put pairs at the end of a mapping of a text that ends with a line; comments of the pairs are kept as far
 * as they stand behind them.
 */
export function insertInto(target: Target, pairs: readonly Pair[], text: string): Edit[] {
  const added = text.includes("\r\n") ? "\r\n" : "\n";
  const edits =
    "pair" in target
      ? fillValue(target.parent, target.pair, pairs, text)
      : [target.flow ? endOfFlow(target, pairs, text) : endOfBlock(target, pairs, text)];
  return edits.map((edit) => ({ ...edit, text: edit.text.replaceAll("\n", added) }));
}

function endOfBlock(map: YAMLMap, pairs: readonly Pair[], text: string): Edit {
  const [first] = map.items;
  const indent = columnOf(startOf(first!.key), text);
  return linesAt(endOf(map.items.at(-1)!), blockLines(pairs, indent), text);
}

/** Lines behind the line that has a place. */
function linesAt(place: number, lines: string, text: string): Edit {
  const next = text[place - 1] === "\n" ? place : text.indexOf("\n", place) + 1;
  return { start: next, end: next, text: lines };
}

const blockLines = (pairs: readonly Pair[], indent: number): string =>
  written(pairs, false).replaceAll(/^(?=.)/gm, " ".repeat(indent));

/** Before the brace; each pair on a line of its own, so that it can have a comment. */
function endOfFlow(map: YAMLMap, pairs: readonly Pair[], text: string): Edit {
  const close = map.range![1] - 1;
  const last = map.items.at(-1);
  const rest = last === undefined ? "," : text.slice(endOf(last), close).replaceAll(/#.*$/gm, "");
  const line = text.lastIndexOf("\n", map.range![0]) + 1;
  const indent = " ".repeat(/^ */.exec(text.slice(line))![0].length + 2);
  const lines = pairs.map((pair) => {
    const { value } = pair;
    const comment = isNode(value) ? (value.comment ?? value.commentBefore) : undefined;
    return `${indent}${flowText(pair)},${comment ? ` #${comment}` : ""}\n`;
  });
  return { start: close, end: close, text: `${rest.includes(",") ? "" : ","}\n${lines.join("")}${indent}` };
}

/** A value that is empty, or `null`, becomes a mapping. */
function fillValue(parent: YAMLMap, pair: Pair, pairs: readonly Pair[], text: string): Edit[] {
  const value = pair.value as Node | null;
  const [start, end] = value?.range ?? [endOf(pair), endOf(pair)];
  if (parent.flow) {
    const colon = value === null ? ":" : "";
    return [{ start, end, text: `${colon} { ${pairs.map(flowText).join(", ")} }` }];
  }
  const indent = columnOf(startOf(pair.key), text) + 2;
  const lines = linesAt(end, blockLines(pairs, indent), text);
  return start === end ? [lines] : [{ start, end, text: "" }, lines];
}

/** A pair on one line, without its comments. */
const flowText = (pair: Pair): string => written([pair.clone()], true).trim().slice(1, -1).trim();

/** Pairs as text, one below the other or on one line. */
function written(pairs: readonly Pair[], isFlow: boolean): string {
  const map = new YAMLMap();
  map.items = [...pairs];
  const document = new Document(map);
  if (isFlow) {
    visit(document, {
      Node(_, node) {
        delete node.comment;
        delete node.commentBefore;
        if (isCollection(node)) node.flow = true;
      },
    });
  }
  return document.toString(WRITTEN);
}

const startOf = (key: unknown): number => (isNode(key) ? (key.range?.[0] ?? 0) : 0);

/** Where a node ends, comments behind it not counted. */
function endOf(node: unknown): number {
  if (isPair(node)) return node.value === null ? endOf(node.key) : endOf(node.value);
  if (isCollection(node) && !node.flow && node.items.length > 0) return endOf(node.items.at(-1));
  return isNode(node) ? (node.range?.[1] ?? 0) : 0;
}

const columnOf = (place: number, text: string): number => place - text.lastIndexOf("\n", place - 1) - 1;
