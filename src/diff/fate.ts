import { ConfitureError } from "../base/errors.ts";
import type { ObjectId } from "../schema/kind.ts";
import type { Statement } from "../schema/statement.ts";
import type { Located, Side } from "./side.ts";

/** What a plan does with one object. */
export type Fate =
  | { readonly does: "create" | "drop" }
  /** Dropped and made anew; `locked` as what it depends on is altered, which keeps everybody waiting anyway. */
  | { readonly does: "replace"; readonly locked?: true }
  /** In place; before that it may have to give up its name to another object. */
  | { readonly does: "alter"; readonly statements: readonly Statement[]; readonly givesName: boolean }
  /** Renamed away, made anew, dropped once the rows that used it have moved over. */
  | { readonly does: "swap" }
  /** Set aside with the root of what is copied, made anew, its rows taken over, dropped. */
  | { readonly does: "copy"; readonly root: ObjectId };

export interface Fates {
  readonly of: ReadonlyMap<ObjectId, Fate>;
  /** Objects that hold rows of a type that is swapped; these are moved over. */
  readonly repointed: ReadonlySet<ObjectId>;
  /** Altered in a way that gives or takes parts. */
  readonly reshaped: ReadonlySet<ObjectId>;
}

/** Whether a plan makes an object, be it anew. */
export const isMade = (fates: Fates, id: ObjectId): boolean => {
  const does = fates.of.get(id)?.does;
  return does !== undefined && does !== "drop" && does !== "alter";
};

export const refused = ({ id, kind }: Located, why: string): ConfitureError =>
  new ConfitureError("DIFFER_404", `${id}: ${why}`, { details: { kind: kind.name, object: id } });

/** What an object is within, and what that is within. */
export function ancestors(side: Side, id: ObjectId): ObjectId[] {
  const found: ObjectId[] = [];
  for (let object = side.objects.get(id); object; object = side.objects.get(found.at(-1)!)) {
    const whole = object.kind.within?.(object.row);
    if (whole == null) break;
    found.push(whole);
  }
  return found;
}

/** What can be set aside of an object and those that it is within. */
export const copyable = (side: Side, { id }: Located): ObjectId | null =>
  [id, ...ancestors(side, id)].find((whole) => side.objects.get(whole)?.kind.setAside !== undefined) ?? null;
