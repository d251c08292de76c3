import { isNode, isSeq, type Node, parseDocument, type Scalar, visit, type YAMLMap } from "yaml";
import type { Rules } from "../rules-file.ts";
import { type ColumnText, rulesText } from "./rules-text.ts";

/**
 * A rules file of the older shape in the current one, with its comments. Seeds are left out, which say nothing here; of
 * two rules for one column the last one stays, as it is the one that counts.
 */
export function carryOver(text: string, { tables }: Rules): string {
  const { contents } = parseDocument(text, { merge: true });
  const pairs = (contents as YAMLMap<Scalar, Node> | null)?.items ?? [];
  return rulesText(
    tables.map(({ table, columns }) => {
      const pair = pairs.find(({ key }) => String(key.value) === table);
      const items = isSeq(pair?.value) ? pair.value.items : [];
      const texts = new Map<string, ColumnText>();
      columns.forEach(({ column, rule }, i) => {
        const before = i === 0 ? [pair?.value?.commentBefore] : [];
        const comment = [...before, ...commentsIn(items[i])].filter(Boolean).join("; ");
        texts.set(column, { column, rule: rule.anonymizer.name, comment });
      });
      return { table, columns: [...texts.values()], before: pair?.key.commentBefore };
    }),
  );
}

function commentsIn(item: unknown): (string | null | undefined)[] {
  if (!isNode(item)) return [];
  const comments: (string | null | undefined)[] = [];
  visit(item, { Node: (_, node) => void comments.push(node.commentBefore, node.comment) });
  return comments;
}
