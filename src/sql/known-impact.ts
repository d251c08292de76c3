import type { Impact, Lock, ReplicaVerdict, Tier, Work } from "./impact.ts";
import { nodesOfKind } from "./node.ts";
import { named, type ObjectName, relationParts } from "./object-name.ts";

export const relation = (value: unknown): readonly ObjectName[] => named("relation", relationParts(value));
export const relations = (value: unknown): readonly ObjectName[] =>
  nodesOfKind(value, "RangeVar").flatMap(relation);

interface More {
  readonly on?: readonly ObjectName[];
  /** On all of `on`. */
  readonly lock?: Lock | undefined;
  readonly locks?: Impact["locks"];
  readonly work?: Work | undefined;
  readonly replica?: ReplicaVerdict;
}

/** An impact that is known, by default of the catalog only. */
export function known(operation: string, tier: Tier, more: More = {}): readonly Impact[] {
  const { on = [], lock, locks = [], replica = "SAFE" } = more;
  const own = lock === undefined ? [] : on.map((object) => [object, lock] as const);
  return [
    { operation, on, locks: [...own, ...locks], tier, work: "work" in more ? more.work : "catalog", replica },
  ];
}

export const unknown = (operation: string): readonly Impact[] => [
  { operation, on: [], locks: [], replica: "UNCLASSIFIED" },
];

export const adds = (operation: string) => (): readonly Impact[] => known(operation, "additive");

/** Changes what is there in a way that one statement takes back, and that somebody may notice. */
export const changes = (operation: string, on: readonly ObjectName[] = [], lock?: Lock): readonly Impact[] =>
  known(operation, "reversible", { on, lock, replica: "UNCLASSIFIED" });
