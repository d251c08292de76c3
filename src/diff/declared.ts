import { ConfitureError } from "../base/errors.ts";
import type { Snapshot } from "../schema/snapshot.ts";
import { rowsOf } from "./members.ts";
import { inverted, isSamePath, keyOf, pathAfter, type Rename, rowAt, targetOf } from "./renames.ts";

/** A name that somebody said an object had before, or has from now on. */
export interface Declared extends Rename {
  /** Set where a declaration that cannot be followed is an error; else it was followed before. */
  readonly refuse?: ((why: string) => ConfitureError) | undefined;
}

/**
 * Old names that stood at the new ones, followed along with `known`. The path of each is one of `to`, and its name the
 * old one.
 */
export function followBack(
  written: readonly Rename[],
  known: readonly Declared[],
  [from, to]: readonly [from: Snapshot, to: Snapshot],
): Rename[] {
  let followed = followable(known, from, to);
  const lengths = [...new Set(written.map(({ path }) => path.length))].toSorted((a, b) => a - b);
  for (const length of lengths) {
    const asInTo = inverted(followed);
    const declared = written
      .filter(({ path }) => path.length === length)
      .map(({ kind, path, name }): Declared => {
        return { kind, path: [...pathAfter({ kind, path }, asInTo).slice(0, -1), name], name: path.at(-1)! };
      });
    followed = followable([...followed, ...declared], from, to);
  }
  return followed;
}

/**
 * The declarations that can be followed, in the order in which names get free. Throws DIFFER_410 for two names of one
 * object, and for what `refuse` is set on.
 */
function followable(declared: readonly Declared[], from: Snapshot, to: Snapshot): Rename[] {
  const left = withoutRepeated(declared).filter(
    (one) => isThere(one, from, "before") && isThere({ ...one, path: targetOf(one, declared) }, to, "after"),
  );
  const placed: Declared[] = [];
  const isFree = (one: Declared) => {
    const path = [...one.path.slice(0, -1), one.name];
    return !rowAt(from, one.kind, path) || placed.some(isAt(one.kind, path));
  };
  for (;;) {
    const next = left.findIndex(isFree);
    if (next === -1) break;
    placed.push(...left.splice(next, 1));
  }
  for (const { name, refuse } of left) if (refuse) throw refuse(`the name ${name} is there already`);
  return placed.map(({ kind, path, name }) => ({ kind, path, name }));
}

const isAt =
  (kind: Rename["kind"], path: readonly string[]) =>
  (other: Rename): boolean =>
    other.kind.name === kind.name && isSamePath(other.path, path);

function isThere({ kind, path, refuse }: Declared, side: Snapshot, when: "before" | "after"): boolean {
  if (rowAt(side, kind, path)) return true;
  if (refuse) throw refuse(`there is no ${kind.name} ${path.join(".")} ${when} the change`);
  return false;
}

function withoutRepeated(declared: readonly Declared[]): Declared[] {
  return declared.filter((one, i) => {
    const same = declared.find(isAt(one.kind, one.path))!;
    if (same.name === one.name) return declared.indexOf(same) === i;
    throw new ConfitureError(
      "DIFFER_410",
      `${one.kind.name} ${one.path.join(".")} is said to be named ${same.name} and ${one.name}`,
    );
  });
}

/** Paths of a side that end with these parts; a schema may be left out. */
export function pathsEnding(side: Snapshot, kind: Rename["kind"], parts: readonly string[]): string[][] {
  const missing = kind.key.length - parts.length;
  if (missing !== 0 && !(missing === 1 && kind.key.length > 1)) return [];
  return rowsOf(side, kind)
    .map((row) => keyOf(kind, row))
    .filter((path) => isSamePath(path.slice(missing), parts));
}
