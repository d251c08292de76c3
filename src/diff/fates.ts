import type { ObjectId } from "../schema/kind.ts";
import { type Statement, statementsOf } from "../schema/statement.ts";
import { differences } from "./compare.ts";
import { ancestors, copyable, type Fate, type Fates, refused } from "./fate.ts";
import { renamedAway } from "../schema/other-name.ts";
import type { StandingPlaces } from "./place.ts";
import type { Located, Side } from "./side.ts";
import { roomMakers, spread } from "./spread.ts";

/**
 * What has to happen to each object so that `from` becomes `to`: those that depend on a dropped object, or that stand
 * in the way of an alteration, are dropped and made again. Throws DIFFER_404 when rows would be lost by that.
 */
export function decideFates(from: Side, to: Side, places: StandingPlaces): Fates {
  const fates = new Map<ObjectId, Fate>();
  const disturbing = new Set<ObjectId>();
  const reshaped = new Set<ObjectId>();
  for (const object of from.objects.values())
    if (!to.objects.has(object.id)) fates.set(object.id, { does: "drop" });
  const names = namesIn(to);
  for (const object of to.objects.values()) {
    const before = from.objects.get(object.id);
    if (!before) fates.set(object.id, { does: "create" });
    else decideChange({ fates, disturbing, reshaped, names, places, from }, before, object);
  }
  leaveOut(fates, reshaped, [from, to]);
  keepUsed(fates, reshaped, { from, makesRoom: roomMakers(fates, from, to) });
  const repointed = spread(fates, disturbing, { from, to, places });
  return { of: fates, repointed, reshaped };
}

interface Deciding {
  readonly fates: Map<ObjectId, Fate>;
  /** Altered in a way that no dependent may watch. */
  readonly disturbing: Set<ObjectId>;
  readonly reshaped: Set<ObjectId>;
  /** Who has a name in the end. */
  readonly names: ReadonlyMap<string, ObjectId>;
  readonly places: StandingPlaces;
  readonly from: Side;
}

function decideChange(deciding: Deciding, from: Located, to: Located): void {
  const { fates, disturbing, reshaped, names, places } = deciding;
  const { kind, id } = to;
  const changed = differences(kind, from.row, to.row).map(({ name }) => name);
  if (changed.length === 0) return;
  const alter = kind.alter as Readonly<Record<string, (to: object, from: object, place: object) => unknown>>;
  const statements = new Map<string, Statement>();
  const givesName = kind.rename !== undefined && namesOf(from).some((name) => (names.get(name) ?? id) !== id);
  const before = givesName ? renamedAway(from.row) : from.row;
  for (const name of changed) {
    const found = alter?.[name]?.(to.row, before, places.to) ?? null;
    if (found === null) {
      makeAnew(deciding, from, to, name);
      return;
    }
    for (const one of statementsOf(found as string)) statements.set(one.sql, one);
  }
  fates.set(id, { does: "alter", statements: [...statements.values()], givesName });
  if (kind.disturbs?.some((name) => changed.includes(name))) disturbing.add(id);
  if (kind.reshapes?.some((name) => changed.includes(name))) reshaped.add(id);
}

const namesOf = ({ kind, row }: Located): readonly string[] => kind.occupies?.(row) ?? [];

const namesIn = ({ objects }: Side): Map<string, ObjectId> =>
  new Map([...objects.values()].flatMap((object) => namesOf(object).map((name) => [name, object.id])));

/** Rows may go only when the target computes them itself; what holds them is copied where that helps. */
function makeAnew({ fates, from: side }: Deciding, from: Located, to: Located, attribute: string): void {
  const { kind, id } = to;
  if (!kind.holdsRows?.(from.row) || !kind.holdsRows(to.row)) fates.set(id, { does: "replace" });
  else {
    const root = kind.byCopy?.includes(attribute) ? copyable(side, from) : null;
    if (root === null)
      throw refused(
        to,
        `its ${attribute} cannot be changed in place, and making it anew would lose its rows`,
      );
    fates.set(root, { does: "copy", root });
  }
}

/** Takes what belongs to a reshaped object out of the plan, as the alteration may say it by itself; not what makes way. */
function leaveOut(
  fates: Map<ObjectId, Fate>,
  reshaped: ReadonlySet<ObjectId>,
  sides: readonly [from: Side, to: Side],
): void {
  if (reshaped.size === 0) return;
  for (const [id, { does }] of fates) {
    if (!sides.some((side) => ancestors(side, id).some((whole) => reshaped.has(whole)))) continue;
    const makesWay = sides[0].objects.get(id)?.kind.makesWay && (does === "drop" || does === "replace");
    if (makesWay) fates.set(id, { does: "drop" });
    else fates.delete(id);
  }
}

interface Keeping {
  readonly from: Side;
  readonly makesRoom: (id: ObjectId) => boolean;
}

/** What goes stays for another round while a reshaped object uses it, as that one's parts are looked at only then. */
function keepUsed(
  fates: Map<ObjectId, Fate>,
  reshaped: ReadonlySet<ObjectId>,
  { from, makesRoom }: Keeping,
): void {
  const used = new Set<ObjectId>();
  const todo = [...reshaped];
  for (let id = todo.pop(); id !== undefined; id = todo.pop())
    for (const on of from.dependenciesOf(id)) {
      if (used.has(on)) continue;
      used.add(on);
      todo.push(on);
    }
  const kept = new Set([...used].filter((id) => fates.get(id)?.does === "drop" && !makesRoom(id)));
  for (const [id, { does }] of fates)
    if (does === "drop" && [id, ...ancestors(from, id)].some((whole) => kept.has(whole))) fates.delete(id);
}
