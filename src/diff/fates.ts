import { ConfitureError } from "../base/errors.ts";
import type { ObjectId } from "../schema/kind.ts";
import { type Statement, statementsOf } from "../schema/statement.ts";
import { differences } from "./compare.ts";
import { type PlaceMaker, STANDING } from "./place.ts";
import type { Located, Side } from "./side.ts";

/** What a plan does with one object. */
export type Fate =
  | { readonly does: "create" | "drop" }
  /** Dropped and made anew; `locked` as what it depends on is altered, which keeps everybody waiting anyway. */
  | { readonly does: "replace"; readonly locked?: true }
  /** In place. */
  | { readonly does: "alter"; readonly statements: readonly Statement[] }
  /** Renamed away, made anew, dropped once the rows that used it have moved over. */
  | { readonly does: "swap" };

export interface Fates {
  readonly of: ReadonlyMap<ObjectId, Fate>;
  /** Objects that hold rows of a type that is swapped; these are moved over. */
  readonly repointed: ReadonlySet<ObjectId>;
  /** Left for later, as an alteration of what they belong to says them by itself. */
  readonly deferred: number;
}

const isMade = (fate: Fate | undefined): boolean =>
  fate?.does === "create" || fate?.does === "replace" || fate?.does === "swap";

/** Whether what an object is part of is made by the plan, and whether that is new from the ground up. */
export function noveltyOf(object: Located, fates: Fates, to: Side): { fresh: boolean; withinNew: boolean } {
  const whole = object.kind.within?.(object.row) ?? null;
  const upper = whole === null ? undefined : to.objects.get(whole);
  if (!upper || !isMade(fates.of.get(upper.id))) return { fresh: false, withinNew: false };
  const isPart = upper.kind.within?.(upper.row) != null;
  const fresh = !isPart || noveltyOf(upper, fates, to).fresh;
  return { fresh, withinNew: !fresh };
}

/**
 * What has to happen to each object so that `from` becomes `to`: those that depend on a dropped object, or that stand
 * in the way of an alteration, are dropped and made again. Throws DIFFER_404 when rows would be lost by that.
 */
export function decideFates(from: Side, to: Side, placeIn: PlaceMaker): Fates {
  const fates = new Map<ObjectId, Fate>();
  const disturbing = new Set<ObjectId>();
  const reshaped = new Set<ObjectId>();
  for (const object of from.objects.values())
    if (!to.objects.has(object.id)) fates.set(object.id, { does: "drop" });
  for (const object of to.objects.values()) {
    const before = from.objects.get(object.id);
    if (!before) fates.set(object.id, { does: "create" });
    else decideChange({ fates, disturbing, reshaped, placeIn }, before, object);
  }
  const deferred = leaveOut(fates, reshaped, [from, to]);
  const repointed = spread({ fates, disturbing }, from, to);
  return { of: fates, repointed, deferred };
}

interface Deciding {
  readonly fates: Map<ObjectId, Fate>;
  /** Altered in a way that no dependent may watch. */
  readonly disturbing: Set<ObjectId>;
  readonly reshaped: Set<ObjectId>;
  readonly placeIn: PlaceMaker;
}

function decideChange(deciding: Deciding, from: Located, to: Located): void {
  const { fates, disturbing, reshaped, placeIn } = deciding;
  const { kind, id } = to;
  const changed = differences(kind, from.row, to.row).map(({ name }) => name);
  if (changed.length === 0) return;
  const alter = kind.alter as Readonly<Record<string, (to: object, from: object, place: object) => unknown>>;
  const statements = new Map<string, Statement>();
  for (const name of changed) {
    const found = alter?.[name]?.(to.row, from.row, placeIn("to", STANDING)) ?? null;
    if (found === null) {
      requireReplaceable(from, to, name);
      fates.set(id, { does: "replace" });
      return;
    }
    for (const one of statementsOf(found as string)) statements.set(one.sql, one);
  }
  fates.set(id, { does: "alter", statements: [...statements.values()] });
  if (kind.disturbs?.some((name) => changed.includes(name))) disturbing.add(id);
  if (kind.reshapes?.some((name) => changed.includes(name))) reshaped.add(id);
}

/** Rows may go only when the target computes them itself. */
function requireReplaceable(from: Located, to: Located, attribute: string): void {
  const { kind } = to;
  if (!kind.holdsRows?.(from.row) || !kind.holdsRows(to.row)) return;
  throw refused(to, `its ${attribute} cannot be changed in place, and making it anew would lose its rows`);
}

const refused = ({ id, kind }: Located, why: string): ConfitureError =>
  new ConfitureError("DIFFER_404", `${id}: ${why}`, { details: { kind: kind.name, object: id } });

/** Takes what belongs to a reshaped object out of the plan; how many. */
function leaveOut(
  fates: Map<ObjectId, Fate>,
  reshaped: ReadonlySet<ObjectId>,
  sides: readonly Side[],
): number {
  if (reshaped.size === 0) return 0;
  let count = 0;
  for (const id of fates.keys()) {
    if (!sides.some((side) => ancestors(side, id).some((whole) => reshaped.has(whole)))) continue;
    fates.delete(id);
    count++;
  }
  return count;
}

/** What an object is within, and what that is within. */
function ancestors(side: Side, id: ObjectId): ObjectId[] {
  const found: ObjectId[] = [];
  for (let object = side.objects.get(id); object; object = side.objects.get(found.at(-1)!)) {
    const whole = object.kind.within?.(object.row);
    if (whole == null) break;
    found.push(whole);
  }
  return found;
}

/** Follows drops and disturbing alterations to all that depends on them in `from`. */
function spread(
  { fates, disturbing }: Pick<Deciding, "fates" | "disturbing">,
  from: Side,
  to: Side,
): Set<ObjectId> {
  const repointed = new Set<ObjectId>();
  const makesRoom = roomMakers(fates, from, to);
  const queue = [...fates].filter(
    ([id, { does }]) => does === "drop" || does === "replace" || disturbing.has(id),
  );
  const todo = queue.map(([id]) => id);
  const replace = (id: ObjectId, how: { readonly locked?: true } = {}) => {
    if (fates.get(id)?.does === "replace" || fates.get(id)?.does === "swap") return;
    fates.set(id, { does: "replace", ...how });
    todo.push(id);
  };
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    const goes = fates.get(id)?.does;
    for (const dependentId of from.dependentsOf(id)) {
      const dependent = from.objects.get(dependentId)!;
      const target = to.objects.get(dependentId);
      if (!target) continue;
      const fate = fates.get(dependentId)?.does;
      const keeps = dependent.kind.holdsRows?.(dependent.row) && dependent.kind.holdsRows(target.row);
      if (goes === "drop") {
        const goesOver = fate === "alter" && (keeps || !makesRoom(id));
        if (goesOver || (fate !== undefined && fate !== "alter")) continue;
        if (keeps) throw refused(dependent, `it depends on ${id}, which is dropped`);
        replace(dependentId);
      } else if (goes === "replace" || goes === "swap") {
        if (!keeps) replace(dependentId);
        else {
          swap(fates, from.objects.get(id)!, dependent);
          if (!repointed.has(dependentId)) {
            repointed.add(dependentId);
            disturbing.add(dependentId);
            todo.push(dependentId);
          }
        }
      } else if ((!dependent.kind.carried || disturbing.has(dependentId)) && !keeps)
        replace(dependentId, { locked: true });
    }
  }
  return repointed;
}

/** Whether an object goes whose name a new one takes: what uses both cannot go over from one to the other in place. */
function roomMakers(fates: Fates["of"], from: Side, to: Side): (id: ObjectId) => boolean {
  const namesOf = ({ kind, row }: Located): readonly string[] => kind.occupies?.(row) ?? [];
  const made = [...fates].filter(([, { does }]) => does === "create");
  const taken = new Set(made.flatMap(([id]) => namesOf(to.objects.get(id)!)));
  return (id) => namesOf(from.objects.get(id)!).some((name) => taken.has(name));
}

function swap(fates: Map<ObjectId, Fate>, type: Located, user: Located): void {
  if (!type.kind.rename || !user.kind.repoint)
    throw refused(user, `it holds rows and depends on ${type.id}, which has to be made anew`);
  fates.set(type.id, { does: "swap" });
}
