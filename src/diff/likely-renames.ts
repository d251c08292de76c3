import type { Kind, ObjectId } from "../schema/kind.ts";
import { KINDS } from "../schema/kinds/index.ts";
import type { LinkedSnapshot, Row, Snapshot } from "../schema/snapshot.ts";
import { ident } from "../sql/tag.ts";
import { differences } from "./compare.ts";
import { successors } from "./follow-names.ts";
import { RENAMABLE, rowsOf } from "./members.ts";
import { isSamePath, keyOf, movedTo, pathAfter, type Rename, wholeAfter } from "./renames.ts";

/** An object that is gone, with what is new in its place and has its shape: one of them may be it. */
export interface LikelyRename extends Omit<Rename, "name"> {
  readonly object: ObjectId;
  /** One at least. */
  readonly names: readonly string[];
}

/**
 * What may have another name, though nobody said so: objects with rows, and what objects with rows are made of.
 * Wholes come before their parts, whose places depend on what is `known` of the wholes.
 */
export function likelyRenames(from: LinkedSnapshot, to: Snapshot, known: readonly Rename[]): LikelyRename[] {
  const isUsed = usedByRows(from);
  const found = RENAMABLE.flatMap((kind): LikelyRename[] => {
    const before = rowsOf(from, kind).map((row) => ({ row, path: pathNow(kind, row, known) }));
    const after = rowsOf(to, kind).map((row) => ({ row, path: keyOf(kind, row) }));
    return without(before, after).flatMap(({ row, path }) => {
      const object = `${kind.name} ${kind.label(row)}`;
      if (!kind.holdsRows?.(row) && !isUsed(object)) return [];
      const names = without(after, before)
        .filter((other) => isSamePath(other.path.slice(0, -1), path.slice(0, -1)))
        .filter((other) => isAlike(kind, [row, other.row], { from, to, known }))
        .map((other) => other.path.at(-1)!)
        .filter((name) => !successors(path.at(-1)!, known).includes(name));
      return names.length === 0 ? [] : [{ kind, path: keyOf(kind, row), object, names }];
    });
  });
  return found.toSorted((a, b) => a.path.length - b.path.length);
}

interface Placed {
  readonly row: Row;
  readonly path: readonly string[];
}

const pathNow = (kind: Kind<Row>, row: Row, known: readonly Rename[]): string[] =>
  pathAfter({ kind, path: keyOf(kind, row) }, known);

function without(some: readonly Placed[], others: readonly Placed[]): Placed[] {
  const taken = new Set(others.map(({ path }) => JSON.stringify(path)));
  return some.filter(({ path }) => !taken.has(JSON.stringify(path)));
}

/** Whether anything that holds rows depends on an object. */
function usedByRows({ objects, dependencies }: LinkedSnapshot): (id: ObjectId) => boolean {
  const used = new Set<ObjectId>();
  for (const kind of KINDS as readonly Kind<Row>[])
    for (const row of objects[kind.name] ?? [])
      if (kind.holdsRows?.(row))
        for (const on of dependencies.get(`${kind.name} ${kind.label(row)}`) ?? []) used.add(on);
  return (id) => used.has(id);
}

interface Comparing {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly known: readonly Rename[];
}

/** Whether one object with the other's name would be the other, and holds its rows in about the same parts. */
function isAlike(
  kind: Kind<Row>,
  [was, is]: readonly [was: Row, is: Row],
  { from, to, known }: Comparing,
): boolean {
  const [old, name] = [was, is].map((row) => ident(keyOf(kind, row).at(-1)!)) as [string, string];
  const shaped = Object.fromEntries(
    Object.entries(was).map(([attribute, value]) => {
      const isSame = typeof value !== "string" || value === is[attribute];
      return [attribute, isSame ? value : value.replaceAll(old, name)];
    }),
  );
  const moved = { ...movedTo(kind, shaped, keyOf(kind, is)), of: wholeAfter(from, ofRow(was), known) };
  if (differences(kind, moved, is).length > 0) return false;
  const [before, after] = [partsWithRows(kind, was, from), partsWithRows(kind, is, to)];
  const shared = before.filter((part) => after.includes(part)).length;
  return shared * 2 >= Math.max(before.length, after.length);
}

const ofRow = (row: Row): ObjectId | null => (typeof row["of"] === "string" ? row["of"] : null);

/** Names of the parts that hold rows. */
function partsWithRows(kind: Kind<Row>, row: Row, { objects }: Snapshot): string[] {
  const id = `${kind.name} ${kind.label(row)}`;
  return (KINDS as readonly Kind<Row>[]).flatMap((other) =>
    (other.within && other.holdsRows ? (objects[other.name] ?? []) : [])
      .filter((part) => other.within!(part) === id && other.holdsRows!(part))
      .map((part) => keyOf(other, part).at(-1)!),
  );
}
