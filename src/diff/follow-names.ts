import type { Connection } from "../pg/connection.ts";
import type { Kind } from "../schema/kind.ts";
import { KINDS } from "../schema/kinds/index.ts";
import type { Row, Snapshot } from "../schema/snapshot.ts";
import { differences } from "./compare.ts";
import {
  applyRenames,
  inverted,
  isSamePath,
  keyOf,
  objectOf,
  pathAfter,
  type Rename,
  type Renamed,
  rowAt,
  stepsOf,
  targetOf,
} from "./renames.ts";

/**
 * Renames as well what bears the name of a renamed table, column or domain in its own, as a constraint, an index and
 * the sequence of a serial column do: where `to` has the same object, of the same whole, under the name with the new
 * one in its place, and not under the old. What turns out to differ otherwise keeps its old name, unless it holds
 * state that must not be lost.
 */
export async function followNames(
  db: Connection,
  { steps, snapshot, renames }: Renamed,
  to: Snapshot,
): Promise<Renamed> {
  const followers = KINDS.flatMap((kind: Kind<Row>) => followersOf(kind, snapshot, { to, renames }));
  if (followers.length === 0) return { steps, snapshot, renames };
  const tried = await applyRenames(db, snapshot, followers);
  const isKept = (rename: Rename) => {
    const path = targetOf(rename, followers);
    const [is, shall] = [rowAt(tried.snapshot, rename.kind, path)!, rowAt(to, rename.kind, path)!];
    return differences(rename.kind, is, shall).length === 0 || rename.kind.holdsRows?.(is) === true;
  };
  const kept = new Set(followers.filter(isKept));
  const back = inverted(followers.filter((rename) => !kept.has(rename)));
  const after = await applyRenames(db, tried.snapshot, back);
  const asBefore = inverted(renames);
  return {
    steps: [...steps, ...[...kept].flatMap((rename) => stepsOf(snapshot, rename, followers))],
    snapshot: after.snapshot,
    renames: [...renames, ...[...kept].map((one) => ({ ...one, path: pathAfter(one, asBefore) }))],
  };
}

interface Following {
  readonly to: Snapshot;
  readonly renames: readonly Rename[];
}

function followersOf(kind: Kind<Row>, from: Snapshot, { to, renames }: Following): Rename[] {
  if (!kind.rename || !kind.within) return [];
  return (from.objects[kind.name] ?? []).flatMap((row): Rename[] => {
    const path = keyOf(kind, row);
    const isCandidate = successors(path.at(-1)!, renames).length > 0;
    if (!isCandidate || rowAt(to, kind, path)) return [];
    const wholes = pathsAbove(kind, row, from);
    const above = renames.filter((rename) => {
      const target = targetOf(rename, renames);
      return wholes.some((whole) => isSamePath(whole, target) || isSamePath(whole, target.slice(0, -1)));
    });
    const names = successors(path.at(-1)!, above).filter((name) => {
      const there = [...path.slice(0, -1), name];
      const shall = rowAt(to, kind, there);
      return shall && !rowAt(from, kind, there) && kind.within!(shall) === kind.within!(row);
    });
    return names.length === 1 ? [{ kind, path, name: names[0]! }] : [];
  });
}

/** Keys of all that an object is within. */
function pathsAbove(kind: Kind<Row>, row: Row, from: Snapshot): string[][] {
  const whole = kind.within?.(row) ?? null;
  const found = whole === null ? undefined : objectOf(from, whole);
  return found ? [keyOf(found.kind, found.row), ...pathsAbove(found.kind, found.row, from)] : [];
}

/** The names that a name becomes with new names in the place of old ones, each between underscores or at an end. */
export function successors(name: string, renames: readonly Rename[]): string[] {
  const names = new Set([name]);
  for (const { path, name: now } of renames)
    for (const one of Array.from(names))
      for (let from = 0, was = path.at(-1)!; ; from++) {
        from = `_${one}_`.indexOf(`_${was}_`, from);
        if (from === -1) break;
        names.add(`${one.slice(0, from)}${now}${one.slice(from + was.length)}`);
      }
  names.delete(name);
  return [...names];
}
