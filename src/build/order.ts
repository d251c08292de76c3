import type { SchemaFile } from "./discover.ts";

/** How a path component's number is read: `10_tables` is ten, or in hex mode sixteen. */
export type SortMode = "alphabetical" | "hex";

const PREFIX: Readonly<Record<SortMode, RegExp>> = {
  alphabetical: /^(\d+)(?=[_.-]|$)/,
  hex: /^(?:0[xX])?([0-9A-F]+)(?=[_.-]|$)/,
};

/** A component's number and what follows it; components without a number come after those with one. */
type Rank = readonly [number: number, rest: string];

function rank(component: string, mode: SortMode): Rank {
  const found = PREFIX[mode].exec(component);
  if (!found) return [Infinity, component];
  return [Number.parseInt(found[1]!, mode === "hex" ? 16 : 10), component.slice(found[0].length)];
}

/** Files in build order: path component by component, by number, then by name in code point order. */
export function inOrder(files: readonly SchemaFile[], mode: SortMode): SchemaFile[] {
  const ranks = new Map(files.map((file) => [file, file.below.map((component) => rank(component, mode))]));
  return files.toSorted((a, b) => compareRanks(ranks.get(a)!, ranks.get(b)!) || compareText(a.name, b.name));
}

function compareRanks(a: readonly Rank[], b: readonly Rank[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [[x, restX], [y, restY]] = [a[i]!, b[i]!];
    if (x !== y) return x < y ? -1 : 1;
    if (restX !== restY) return compareText(restX, restY);
  }
  return a.length - b.length;
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
