import type { ObjectName } from "./object-name.ts";

/** PostgreSQL's table locks, weakest first, in the order in which LOCK TABLE numbers them. */
export const LOCKS = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
] as const;

export type Lock = (typeof LOCKS)[number];

/**
 * What can go wrong, mildest first. additive: nothing that exists is changed. reversible: one statement restores
 * it. lock_risky: other sessions wait while rows are read or written. destructive: something that may be in use is
 * gone, but files can make it again. irreversible: rows or values are lost, or PostgreSQL has no way back.
 */
export const TIERS = ["additive", "reversible", "lock_risky", "destructive", "irreversible"] as const;

export type Tier = (typeof TIERS)[number];

/** What a statement must go through: the catalog only, the rows it brings along, all rows of a table, or all to be written anew. */
export const WORK = ["catalog", "rows", "scan", "rewrite"] as const;

export type Work = (typeof WORK)[number];

/** What it means for replicas and for the application's old release; UNCLASSIFIED where nobody can tell. */
export type ReplicaVerdict =
  | "SAFE"
  | "ADD_COLUMN"
  | "ADD_CONSTRAINT"
  | "CHANGE_TYPE"
  | "CREATE_INDEX"
  | "DROP_COLUMN"
  | "DROP_OBJECT"
  | "DROP_TABLE"
  | "RENAME_COLUMN"
  | "RENAME_OBJECT"
  | "REPLACE_OBJECT"
  | "REVOKE"
  | "SET_NOT_NULL"
  | "TRUNCATE"
  | "UNCLASSIFIED";

/** What one statement, or one action of an ALTER TABLE, does to what is there; an absent fact is not known. */
export interface Impact {
  /** In SQL's words, e.g. `ADD COLUMN`. */
  readonly operation: string;
  /** What it changes; where all of it is new, nobody uses it yet. */
  readonly on: readonly ObjectName[];
  /** Without ACCESS SHARE, which waits for nothing but ACCESS EXCLUSIVE. */
  readonly locks: readonly (readonly [ObjectName, Lock])[];
  readonly tier?: Tier | undefined;
  readonly work?: Work | undefined;
  readonly replica: ReplicaVerdict;
}

/** The last in the scale's order; undefined when one of them is. */
export function greatest<T>(scale: readonly T[], values: readonly (T | undefined)[]): T | undefined {
  if (values.includes(undefined)) return undefined;
  return scale.findLast((step) => values.includes(step));
}
