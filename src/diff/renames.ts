import type { Connection } from "../pg/connection.ts";
import type { Kind, ObjectId } from "../schema/kind.ts";
import { KINDS } from "../schema/kinds/index.ts";
import { type LinkedSnapshot, readLinkedSnapshot, type Row, type Snapshot } from "../schema/snapshot.ts";
import { statementsOf } from "../schema/statement.ts";
import { ident } from "../sql/tag.ts";
import type { Change } from "./change.ts";
import { compare } from "./compare.ts";
import { oldName } from "../schema/other-name.ts";
import type { Step } from "./plan.ts";
import { rowsOf } from "./members.ts";
import { runSteps } from "./prove.ts";
import { outermostIn } from "./whole.ts";

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

export const rowAt = (side: Snapshot, kind: Kind<Row>, path: readonly string[]): Row | undefined =>
  rowsOf(side, kind).find((row) => isSamePath(keyOf(kind, row), path));

/** Where an object stands once all is renamed: what it is part of may have another name too. */
export const pathAfter = ({ kind, path }: Omit<Rename, "name">, renames: readonly Rename[]): string[] =>
  path.map((part, i) => {
    const upTo = path.slice(0, i + 1);
    const isWhole = i < path.length - 1;
    const found = renames.find(
      (rename) =>
        isSamePath(rename.path, upTo) &&
        (isWhole ? canHoldParts(rename.kind) : rename.kind.name === kind.name),
    );
    return found?.name ?? part;
  });

/** Schemas, and what takes its name from relations and types. */
const canHoldParts = (kind: Kind<Row>): boolean => kind.key.length === 1 || kind.occupies !== undefined;

/** Where it stands once it and what it is part of are renamed. */
export const targetOf = (rename: Rename, renames: readonly Rename[]): string[] => [
  ...pathAfter(rename, renames).slice(0, -1),
  rename.name,
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

export function stepsOf(from: Snapshot, { kind, path, name }: Rename, renames: readonly Rename[]): Step[] {
  const row = rowAt(from, kind, path)!;
  const there = [...pathAfter({ kind, path }, renames).slice(0, -1), path.at(-1)!];
  const moved = movedTo(kind, row, there);
  const object = `${kind.name} ${kind.label(moved)}`;
  const partOf = wholeAfter(from, outermostIn(from)(kind, row), renames);
  return statementsOf(kind.rename!(moved, name)).map(({ sql, transaction = "shared" }): Step => {
    return {
      sql,
      transaction,
      act: "rename",
      object,
      partOf,
      kind: kind.name,
      holdsCode: false,
      fresh: false,
      loses: [],
    };
  });
}

/** By the name that it has by then. */
export function wholeAfter(
  from: Snapshot,
  whole: ObjectId | null,
  renames: readonly Rename[],
): ObjectId | null {
  const found = whole === null ? undefined : objectOf(from, whole);
  if (!found) return whole;
  const { kind, row } = found;
  return `${kind.name} ${kind.label(movedTo(kind, row, pathAfter({ kind, path: keyOf(kind, row) }, renames)))}`;
}

export const movedTo = (kind: Kind<Row>, row: Row, path: readonly string[]): Row => ({
  ...row,
  ...Object.fromEntries(kind.key.map((part, i) => [part, path[i]])),
});

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
      .filter((path) => !renames.some((one) => one.kind.name === kind.name && isSamePath(one.path, path)))
      .flatMap((path) => stepsOf(from, { kind, path, name: oldName(path.at(-1)!) }, renames));
  });
}

export function objectOf({ objects }: Snapshot, id: ObjectId): { kind: Kind<Row>; row: Row } | undefined {
  for (const kind of KINDS as readonly Kind<Row>[]) {
    if (!id.startsWith(`${kind.name} `)) continue;
    const row = objects[kind.name]?.find((one) => id === `${kind.name} ${kind.label(one)}`);
    if (row) return { kind, row };
  }
  return undefined;
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
    const part_of = outermostIn(snapshot)(kind, row);
    return { op: "~", kind: kind.name, object, part_of, within: null, attributes };
  });
  const isNamed = ({ kind, object }: Change) =>
    named.some((change) => change.kind === kind && change.object === object);
  return [...named, ...others.filter((change) => !isNamed(change))];
}
