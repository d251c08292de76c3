import type { ObjectId } from "../schema/kind.ts";
import { copyable, type Fate, refused } from "./fate.ts";
import type { StandingPlaces } from "./place.ts";
import type { Located, Side } from "./side.ts";

interface Between {
  readonly from: Side;
  readonly to: Side;
  readonly places: StandingPlaces;
}

interface Spreading extends Between {
  readonly fates: Map<ObjectId, Fate>;
  readonly disturbing: Set<ObjectId>;
  readonly repointed: Set<ObjectId>;
  /** Whether an object goes whose name a new one takes. */
  readonly makesRoom: (id: ObjectId) => boolean;
  /** What holds rows and uses what is copied, each with the latter; allowed only when it is copied as well. */
  readonly users: (readonly [Located, ObjectId])[];
  /** Objects whose dependents are still to be looked at. */
  readonly todo: ObjectId[];
}

/**
 * Follows drops, copies and disturbing alterations to all that depends on them in `from`, and decides what happens to
 * that in `fates`. Gives the objects that hold rows of a type that is swapped. Throws DIFFER_404 for rows that
 * would be lost.
 */
export function spread(
  fates: Map<ObjectId, Fate>,
  disturbing: Set<ObjectId>,
  between: Between,
): ReadonlySet<ObjectId> {
  const repointed = new Set<ObjectId>();
  const makesRoom = roomMakers(fates, between.from, between.to);
  const todo = [...fates]
    .filter(([id, { does }]) => SPREADING.has(does) || disturbing.has(id))
    .map(([id]) => id);
  const spreading: Spreading = { ...between, fates, disturbing, repointed, makesRoom, users: [], todo };
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    const fate = fates.get(id);
    for (const dependentId of between.from.dependentsOf(id)) {
      const [dependent, target] = [
        between.from.objects.get(dependentId)!,
        between.to.objects.get(dependentId),
      ];
      if (target) follow(spreading, { id, fate }, dependent, target);
      else if (fate?.does === "copy") bringAlong(spreading, { id, fate }, dependent);
    }
  }
  const isCopied = (id: ObjectId) => fates.get(id)?.does === "copy";
  for (const [user, id] of spreading.users) if (!isCopied(user.id)) throw refused(user, standsInTheWay(id));
  for (const id of repointed) if (isCopied(id)) repointed.delete(id);
  return repointed;
}

const SPREADING: ReadonlySet<Fate["does"]> = new Set(["drop", "replace", "copy"]);

/** What is not in the target, but holds rows of what is copied, waits with that until they were taken over. */
function bringAlong(
  spreading: Spreading,
  on: { readonly id: ObjectId; readonly fate: Fate },
  dependent: Located,
): void {
  const isDecided = spreading.fates.get(dependent.id)?.does === "copy";
  if (!isDecided && dependent.kind.setAside && movesWith(dependent, on.id))
    decide(spreading, dependent.id, on.fate);
}

/** What happens to an object, which stays in some form, because of the fate of one that it depends on. */
function follow(
  spreading: Spreading,
  on: { readonly id: ObjectId; readonly fate: Fate | undefined },
  { id, kind, row }: Located,
  target: Located,
): void {
  const { fates, makesRoom, disturbing } = spreading;
  const { fate } = on;
  const own = fates.get(id);
  const keeps = kind.holdsRows?.(row) === true && kind.holdsRows(target.row);
  if (fate?.does === "copy" && movesWith({ kind, row }, on.id)) {
    if (own?.does !== "copy" || own.root !== fate.root) decide(spreading, id, fate);
  } else if (own?.does === "copy") return;
  else if (fate?.does === "drop") {
    const goesOver = own?.does === "alter" && (keeps || !makesRoom(on.id));
    if (goesOver || (own !== undefined && own.does !== "alter")) return;
    if (keeps) throw refused(target, `it depends on ${on.id}, which is dropped`);
    replace(spreading, id);
  } else if (fate?.does === "copy" && keeps) spreading.users.push([target, on.id]);
  else if (fate?.does === "replace" || fate?.does === "swap" || fate?.does === "copy") {
    if (keeps) moveOver(spreading, on.id, target);
    else replace(spreading, id);
  } else if ((!kind.carried || disturbing.has(id)) && !keeps) replace(spreading, id, { locked: true });
}

/** Whether an object goes along when another one is set aside. */
export const movesWith = ({ kind, row }: Pick<Located, "kind" | "row">, id: ObjectId): boolean =>
  (kind.movesWith?.(row) ?? kind.within?.(row) ?? null) === id;

function decide({ fates, todo }: Spreading, id: ObjectId, fate: Fate): void {
  fates.set(id, fate);
  todo.push(id);
}

function replace(spreading: Spreading, id: ObjectId, how: { readonly locked?: true } = {}): void {
  const does = spreading.fates.get(id)?.does;
  if (does !== "replace" && does !== "swap") decide(spreading, id, { does: "replace", ...how });
}

const standsInTheWay = (id: ObjectId): string =>
  `it holds rows and depends on ${id}, which has to be made anew`;

/** Rows of a type that makes way for a new one go over to that, in place or with their table. */
function moveOver(spreading: Spreading, typeId: ObjectId, user: Located): void {
  const { fates, from, places, repointed, disturbing, todo } = spreading;
  if (!from.objects.get(typeId)!.kind.rename) throw refused(user, standsInTheWay(typeId));
  fates.set(typeId, { does: "swap" });
  const isMovedInPlace = (user.kind.repoint?.(user.row, places.to) ?? null) !== null;
  if (isMovedInPlace) {
    if (repointed.has(user.id)) return;
    repointed.add(user.id);
    disturbing.add(user.id);
    todo.push(user.id);
    return;
  }
  const root = copyable(from, user);
  if (root === null) throw refused(user, standsInTheWay(typeId));
  decide(spreading, root, { does: "copy", root });
}

/** Whether an object goes whose name a new one takes: what uses both cannot go over from one to the other in place. */
export function roomMakers(
  fates: ReadonlyMap<ObjectId, Fate>,
  from: Side,
  to: Side,
): (id: ObjectId) => boolean {
  const namesOf = ({ kind, row }: Located): readonly string[] => kind.occupies?.(row) ?? [];
  const made = [...fates].filter(([, { does }]) => does === "create");
  const taken = new Set(made.flatMap(([id]) => namesOf(to.objects.get(id)!)));
  return (id) => namesOf(from.objects.get(id)!).some((name) => taken.has(name));
}
