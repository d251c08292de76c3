import type { Kind, ObjectId } from "../schema/kind.ts";
import { KINDS } from "../schema/kinds/index.ts";
import type { LinkedSnapshot, Row } from "../schema/snapshot.ts";
import { outermostIn, type OutermostOf } from "./whole.ts";

/** An object with what the engine knows about its kind. */
export interface Located {
  readonly id: ObjectId;
  readonly kind: Kind<Row>;
  /** Of its kind among all kinds. */
  readonly kindIndex: number;
  readonly row: Row;
}

/** One side of a plan. */
export interface Side {
  readonly snapshot: LinkedSnapshot;
  readonly objects: ReadonlyMap<ObjectId, Located>;
  readonly outermost: OutermostOf;
  /** What is made before an object: what it depends on, is part of, or takes over. */
  dependenciesOf(id: ObjectId): ReadonlySet<ObjectId>;
  dependentsOf(id: ObjectId): ReadonlySet<ObjectId>;
}

const NONE: ReadonlySet<ObjectId> = new Set();

/** The objects of a snapshot by id, and which needs which. */
export function sideOf(snapshot: LinkedSnapshot): Side {
  const objects = new Map<ObjectId, Located>();
  KINDS.forEach((kind, kindIndex) => {
    for (const row of snapshot.objects[kind.name] ?? []) {
      const id = `${kind.name} ${kind.label(row)}`;
      objects.set(id, { id, kind, kindIndex, row });
    }
  });
  const byName = namesOf(objects.values());
  const dependencies = new Map<ObjectId, Set<ObjectId>>();
  const dependents = new Map<ObjectId, Set<ObjectId>>();
  for (const object of objects.values()) {
    const known = new Set<ObjectId>();
    for (const on of saidDependencies(snapshot, byName, object)) {
      if (on === object.id || known.has(on) || !objects.has(on)) continue;
      known.add(on);
      const others = dependents.get(on);
      if (others) others.add(object.id);
      else dependents.set(on, new Set([object.id]));
    }
    for (const taken of named(byName, object.kind.takesOver?.(object.row))) known.add(taken);
    if (known.size > 0) dependencies.set(object.id, known);
  }
  return {
    snapshot,
    objects,
    outermost: outermostIn(snapshot),
    dependenciesOf: (id) => dependencies.get(id) ?? NONE,
    dependentsOf: (id) => dependents.get(id) ?? NONE,
  };
}

function namesOf(objects: Iterable<Located>): Map<string, ObjectId> {
  const byName = new Map<string, ObjectId>();
  for (const { id, kind, row } of objects)
    for (const name of kind.occupies?.(row) ?? []) byName.set(name, id);
  return byName;
}

function saidDependencies(
  { dependencies }: LinkedSnapshot,
  byName: ReadonlyMap<string, ObjectId>,
  { id, kind, row }: Located,
): ObjectId[] {
  const said = [...(dependencies.get(id) ?? NONE), ...(kind.needs?.(row) ?? [])];
  if (typeof row["of"] === "string") said.push(row["of"]);
  const whole = kind.within?.(row);
  if (whole != null) said.push(whole);
  said.push(...named(byName, kind.needsNamed?.(row)));
  return said;
}

const named = (byName: ReadonlyMap<string, ObjectId>, names?: readonly string[]): readonly ObjectId[] =>
  names?.map((name) => byName.get(name)).filter((id) => id !== undefined) ?? [];
