import type { ObjectId } from "../schema/kind.ts";
import type { LinkedSnapshot } from "../schema/snapshot.ts";
import { oldName } from "../schema/other-name.ts";
import { type Place, type Statement, type Statements, statementsOf } from "../schema/statement.ts";
import { withArrayTypes } from "../sql/array-casts.ts";
import { type Fate, type Fates, isMade } from "./fate.ts";
import { decideFates } from "./fates.ts";
import { dropOld, lostInCopy, setAside, takeOver } from "./make-way.ts";
import type { Measured } from "./measure.ts";
import { orderCopies } from "./order-copies.ts";
import { inOrder, inStages, sortParts } from "./order.ts";
import { type PlaceFinder, placeFinder, type StandingPlaces, standingPlaces } from "./place.ts";
import { type Side, sideOf } from "./side.ts";
import { type Act, allTasks, foldParts, FROM_ACTS, type Task, tasksOf } from "./tasks.ts";

/** One statement of a plan. */
export interface Step {
  readonly sql: string;
  readonly transaction: "shared" | "own" | "none";
  /** `rename` is what somebody declared, besides what a plan does. */
  readonly act: Act | "rename";
  /** What it is done to. */
  readonly object: ObjectId;
  /** What that is a part of in the end; null for what stands by itself. */
  readonly partOf: ObjectId | null;
  readonly kind: string;
  /** It holds code that may use what later steps make, so that it runs without a check of bodies. */
  readonly holdsCode: boolean;
  /** The object is made by the same plan, or belongs to one that is. */
  readonly fresh: boolean;
  /** Rows or state of these are lost. */
  readonly loses: readonly ObjectId[];
  /** What a newer server would do instead. */
  readonly later?: Statement["later"];
  /** As the proof saw it; absent where the statement itself tells. */
  readonly measured?: Measured | undefined;
}

export interface PlanOptions {
  /** Prefer statements that keep neither readers nor writers waiting; default true. */
  readonly online?: boolean | undefined;
}

/**
 * Steps that bring a database from one snapshot towards another, in the order in which they run. A plan may leave
 * something for another round; `provePlan` makes those. Throws DIFFER_401, DIFFER_404 or DIFFER_405. Needs `loadParser`.
 */
export function planSteps(from: LinkedSnapshot, to: LinkedSnapshot, options: PlanOptions = {}): Step[] {
  const sides = { from: sideOf(from), to: sideOf(to) };
  const places = standingPlaces(sides.from, sides.to, options.online ?? true);
  const fates = decideFates(sides.from, sides.to, places);
  const tasks = tasksOf(sides.from, sides.to, fates);
  const placeFor = placeFinder(places.to, sides.to, (id) => isMade(fates, id));
  foldParts(tasks, placeFor);
  orderCopies(tasks, sides.from, sides.to, fates);
  const emitting = { ...sides, fates, places, placeFor };
  const ordered = inOrder(allTasks(tasks));
  const steps = new Map(ordered.map((task) => [task, stepsOf(task, emitting)]));
  const isShared = (task: Task) => steps.get(task)!.every(({ transaction }) => transaction === "shared");
  return inStages(ordered, isShared).flatMap((task) => steps.get(task)!);
}

interface Emitting {
  readonly from: Side;
  readonly to: Side;
  readonly fates: Fates;
  readonly places: StandingPlaces;
  readonly placeFor: PlaceFinder;
}

function stepsOf(task: Task, emitting: Emitting): Step[] {
  const { act, object } = task;
  const { from, to, placeFor } = emitting;
  const { fresh } = placeFor(object);
  const isNew = act === "create" && (fresh || object.kind.within?.(object.row) == null);
  const shared = {
    act,
    object: object.id,
    partOf: (FROM_ACTS.has(act) ? from : to).outermost(object.kind, object.row),
    kind: object.kind.name,
    fresh: isNew,
    loses: lostBy(task, emitting),
    holdsCode: object.kind.holdsCode === true,
  };
  return statementsFor(task, emitting)
    .flatMap(statementsOf)
    .map((statement): Step => {
      const { sql, transaction = "shared", later } = statement;
      return {
        sql: withArrayTypes(sql),
        transaction,
        ...shared,
        later,
        ...(statement.loses && { loses: [object.id] }),
      };
    });
}

function statementsFor(task: Task, emitting: Emitting): Statements[] {
  const { act, object } = task;
  const { kind, row } = object;
  const { from, to, fates, places, placeFor } = emitting;
  const fate = fates.of.get(object.id);
  const root = fate?.does === "copy" ? from.objects.get(fate.root) : undefined;
  switch (act) {
    case "drop":
      return [kind.drop(row, isLocked(fate) ? { ...places.from, online: false } : places.from)];
    case "rename away":
      return [kind.rename!(row, oldName(String(row["name"])))];
    case "drop old":
      return dropOld(object, fate, places.from);
    case "alter":
      return [(fate as Extract<Fate, { does: "alter" }>).statements];
    case "repoint":
      return [kind.repoint?.(row, places.to) ?? []];
    case "set aside":
      return setAside(object, root!);
    case "take over":
      return [takeOver(object, root!, { from, to, place: places.to })];
    case "create":
      return [kind.create(row, placeOf(task, placeFor)), ...finishing(task, placeFor)];
  }
}

const isLocked = (fate: Fate | undefined): boolean => fate?.does === "replace" && fate.locked === true;

/** Where a part is made, with the clauses of its own parts. */
function placeOf(task: Task, placeFor: PlaceFinder): Place {
  const place = placeFor(task.object);
  if (task.parts.length === 0) return place;
  const clauses = sortParts(task.parts).map(
    (part) => part.object.kind.inline?.(part.object.row, placeOf(part, placeFor)) ?? "",
  );
  return { ...place, parts: clauses.filter((clause) => clause !== "") };
}

/** What remains to be said of an object and the parts that were made with it. */
function finishing(task: Task, placeFor: PlaceFinder): Statements[] {
  const { kind, row } = task.object;
  const own = kind.finish?.(row, placeFor(task.object));
  const ofParts = sortParts(task.parts).flatMap((part) => finishing(part, placeFor));
  return own ? [own, ...ofParts] : ofParts;
}

function lostBy(task: Task, { from, to, fates, places }: Emitting): ObjectId[] {
  const { act, object } = task;
  if (act === "drop") return lostWith(task);
  const isCopied = act === "drop old" && fates.of.get(object.id)?.does === "copy";
  return isCopied ? lostInCopy(object.id, { from, to, place: places.to }) : [];
}

/** What holds rows goes with all that it is made of. */
function lostWith(task: Task): ObjectId[] {
  if (task.object.kind.holdsRows?.(task.object.row)) return [task.object.id];
  return task.parts.flatMap(lostWith);
}
