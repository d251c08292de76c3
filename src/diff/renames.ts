import type { Connection } from "../pg/connection.ts";
import type { Kind, ObjectId } from "../schema/kind.ts";
import { KINDS } from "../schema/kinds/index.ts";
import { type LinkedSnapshot, readLinkedSnapshot, type Row, type Snapshot } from "../schema/snapshot.ts";
import { statementsOf } from "../schema/statement.ts";
import { ident } from "../sql/tag.ts";
import type { Change } from "./change.ts";
import { compare, differences } from "./compare.ts";
import { oldName } from "./make-way.ts";
import type { Step } from "./plan.ts";
import { runSteps } from "./prove.ts";

/** Another name for an object that stays what it is, with all that it holds. */
export interface Rename {
  readonly kind: Kind<Row>;
  /** Values of its key on the side it is renamed on, its name last, e.g. schema, table, column. */
  readonly path: readonly string[];
  readonly name: string;
}

export interface Renamed {
  readonly steps: readonly Step[];
  /** What the database is afterwards. */
  readonly snapshot: LinkedSnapshot;
  /** All that was renamed, also what follows the names of others. */
  readonly renames: readonly Rename[];
}

export const keyOf = (kind: Kind<Row>, row: Row): string[] => kind.key.map((part) => String(row[part]));

export const isSamePath = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((part, i) => part === b[i]);

export const rowAt = ({ objects }: Snapshot, kind: Kind<Row>, path: readonly string[]): Row | undefined =>
  objects[kind.name]?.find((row) => isSamePath(keyOf(kind, row), path));

/** Where an object stands once all is renamed: what it is part of may have another name too. */
export const pathAfter = (path: readonly string[], renames: readonly Rename[]): string[] =>
  path.map((part, i) => {
    const upTo = path.slice(0, i + 1);
    const isWhole = i < path.length - 1;
    const found = renames.find(
      (rename) => isSamePath(rename.path, upTo) && (!isWhole || canHoldParts(rename.kind)),
    );
    return found?.name ?? part;
  });

/** Schemas, and what takes its name from relations and types. */
const canHoldParts = (kind: Kind<Row>): boolean => kind.key.length === 1 || kind.occupies !== undefined;

/** Where it stands once it and what it is part of are renamed. */
export const targetOf = ({ path, name }: Rename, renames: readonly Rename[]): string[] => [
  ...pathAfter(path, renames).slice(0, -1),
  name,
];

/** What takes the old names back, in the order in which that is possible. */
export const inverted = (renames: readonly Rename[]): Rename[] =>
  renames
    .map((rename): Rename => {
      return { kind: rename.kind, path: targetOf(rename, renames), name: rename.path.at(-1)! };
    })
    .toReversed();

/**
 * Renames objects of `db`, which is `from`; those that are not there are left alone. What stands in the way of a name
 * is renamed away, and left for the plan to drop.
 */
export async function applyRenames(
  db: Connection,
  from: LinkedSnapshot,
  renames: readonly Rename[],
): Promise<Renamed> {
  if (renames.length === 0) return { steps: [], snapshot: from, renames };
  const wholesFirst = renames
    .filter(({ kind, path }) => rowAt(from, kind, path) !== undefined)
    .toSorted((a, b) => a.path.length - b.path.length);
  const steps = wholesFirst.flatMap((rename) => [
    ...makeWay(from, rename, wholesFirst),
    ...stepsOf(from, rename, wholesFirst),
  ]);
  await runSteps(db, steps);
  return { steps, snapshot: await readBack(db), renames: wholesFirst };
}

const readBack = (db: Connection): Promise<LinkedSnapshot> =>
  readLinkedSnapshot(db, { builder: db.server.user });

function stepsOf(from: Snapshot, { kind, path, name }: Rename, renames: readonly Rename[]): Step[] {
  const row = rowAt(from, kind, path)!;
  const there = [...pathAfter(path, renames).slice(0, -1), path.at(-1)];
  const moved = { ...row, ...Object.fromEntries(kind.key.map((part, i) => [part, there[i]])) };
  return statementsOf(kind.rename!(moved, name)).map(({ sql, transaction = "shared" }): Step => {
    const object = `${kind.name} ${kind.label(moved)}`;
    return {
      sql,
      transaction,
      act: "rename",
      object,
      kind: kind.name,
      holdsCode: false,
      fresh: false,
      loses: [],
    };
  });
}

/** Only for what keeps its name in the plan; what is renamed itself has left it by then. */
function makeWay(from: Snapshot, rename: Rename, renames: readonly Rename[]): Step[] {
  const taken = [...rename.path.slice(0, -1), rename.name];
  const isRelation = rename.kind.occupies !== undefined && taken.length === 2;
  const name = isRelation ? ident(...taken) : undefined;
  return KINDS.flatMap((kind: Kind<Row>) => {
    if (!kind.rename) return [];
    const isInWay = (row: Row) =>
      name === undefined
        ? kind.name === rename.kind.name && isSamePath(keyOf(kind, row), taken)
        : kind.occupies?.(row).includes(name) === true && kind.key.length === 2;
    const blockers = (from.objects[kind.name] ?? []).filter(isInWay).map((row) => keyOf(kind, row));
    return blockers
      .filter((path) => !renames.some((other) => isSamePath(other.path, path)))
      .flatMap((path) => stepsOf(from, { kind, path, name: oldName(path.at(-1)!) }, renames));
  });
}

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
    renames: [...renames, ...[...kept].map((one) => ({ ...one, path: pathAfter(one.path, asBefore) }))],
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

function objectOf({ objects }: Snapshot, id: ObjectId): { kind: Kind<Row>; row: Row } | undefined {
  for (const kind of KINDS as readonly Kind<Row>[]) {
    if (!id.startsWith(`${kind.name} `)) continue;
    const row = objects[kind.name]?.find((one) => id === `${kind.name} ${kind.label(one)}`);
    if (row) return { kind, row };
  }
  return undefined;
}

/** The names that a name becomes with new names in the place of old ones, each between underscores or at an end. */
function successors(name: string, renames: readonly Rename[]): string[] {
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

/** What differs besides the names, and the names. */
export function changesWith({ snapshot, renames }: Renamed, to: Snapshot): Change[] {
  const others = compare(snapshot, to);
  const named = renames.map((rename): Change => {
    const { kind, path, name } = rename;
    const row = rowAt(snapshot, kind, targetOf(rename, renames))!;
    const object = kind.label(row);
    const other = others.find((change) => change.kind === kind.name && change.object === object);
    const attributes = [{ name: "name", from: path.at(-1)!, to: name }, ...(other?.attributes ?? [])];
    return { op: "~", kind: kind.name, object, within: null, attributes };
  });
  const isNamed = ({ kind, object }: Change) =>
    named.some((change) => change.kind === kind && change.object === object);
  return [...named, ...others.filter((change) => !isNamed(change))];
}
