import type { Look, Style } from "../base/style.ts";
import { type Change, changeLines, idOf } from "./change.ts";

const LOOKS: Readonly<Record<Change["op"], Look>> = { "+": "added", "-": "removed", "~": "changed" };

/** The lines of `changeText`, each below what it belongs to. */
export function changeGroupsText(changes: readonly Change[], style: Style): string {
  const lines = changeLines(changes).map(({ change, sign, rest }) => ({
    whole: change.part_of ?? idOf(change),
    isPart: change.part_of !== null,
    text: style(LOOKS[change.op], sign) + rest,
  }));
  return [...groupedBy(lines, ({ whole }) => whole)]
    .flatMap(([whole, group]) => {
      const own = group.filter(({ isPart }) => !isPart).map(({ text }) => text);
      const parts = group.filter(({ isPart }) => isPart).map(({ text }) => `  ${text}`);
      return [...(own.length > 0 ? own : [style("changed", `~ ${whole}`)]), ...parts];
    })
    .join("\n");
}

/** In the order in which the first of each group comes. */
export function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
