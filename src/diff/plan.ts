import type { ObjectId } from "../schema/kind.ts";
import type { LinkedSnapshot } from "../schema/snapshot.ts";
import { oldName } from "../schema/other-name.ts";
import { type Place, type Statement, type Statements, statementsOf } from "../schema/statement.ts";
import { decideFates, type Fate, type Fates, noveltyOf } from "./fates.ts";
import type { Measured } from "./measure.ts";
import { inOrder, inStages, sortParts } from "./order.ts";
import { type PlaceMaker, placeMaker, STANDING } from "./place.ts";
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
 * something for another round; `provePlan` makes those. Throws DIFFER_401, DIFFER_404 or DIFFER_405.
 */
export function planSteps(from: LinkedSnapshot, to: LinkedSnapshot, options: PlanOptions = {}): Step[] {
  const sides = { from: sideOf(from), to: sideOf(to) };
  const placeIn = placeMaker(sides.from, sides.to, options.online ?? true);
  const fates = decideFates(sides.from, sides.to, placeIn);
  const tasks = tasksOf(sides.from, sides.to, fates);
  foldParts(tasks, { fates, to: sides.to, placeIn });
  const emitting = { ...sides, fates, placeIn };
  const ordered = inOrder(allTasks(tasks));
  const steps = new Map(ordered.map((task) => [task, stepsOf(task, emitting)]));
  const isShared = (task: Task) => steps.get(task)!.every(({ transaction }) => transaction === "shared");
  return inStages(ordered, isShared).flatMap((task) => steps.get(task)!);
}

interface Emitting {
  readonly from: Side;
  readonly to: Side;
  readonly fates: Fates;
  readonly placeIn: PlaceMaker;
}

function stepsOf(task: Task, emitting: Emitting): Step[] {
  const { act, object } = task;
  const { from, to, fates } = emitting;
  const { fresh } = noveltyOf(object, fates, to);
  const isNew = act === "create" && (fresh || object.kind.within?.(object.row) == null);
  const loses = act === "drop" ? lostWith(task) : [];
  const shared = {
    act,
    object: object.id,
    partOf: (FROM_ACTS.has(act) ? from : to).outermost(object.kind, object.row),
    kind: object.kind.name,
    fresh: isNew,
    loses,
    holdsCode: object.kind.holdsCode === true,
  };
  return statementsFor(task, emitting)
    .flatMap(statementsOf)
    .map((statement): Step => {
      const { sql, transaction = "shared", later } = statement;
      return { sql, transaction, ...shared, later, ...(statement.loses && { loses: [object.id] }) };
    });
}

function statementsFor(task: Task, emitting: Emitting): Statements[] {
  const { act, object } = task;
  const { kind, row } = object;
  const { placeIn, fates } = emitting;
  switch (act) {
    case "drop":
      return [kind.drop(row, placeIn("from", isLocked(fates.of.get(object.id)) ? LOCKED : STANDING))];
    case "rename away":
      return [kind.rename!(row, oldName(nameOf(row)))];
    case "drop old":
      return [kind.drop({ ...row, name: oldName(nameOf(row)) }, placeIn("from", STANDING))];
    case "alter":
      return [(fates.of.get(object.id) as Extract<Fate, { does: "alter" }>).statements];
    case "repoint":
      return [kind.repoint!(row, placeIn("to", STANDING))];
    case "create":
      return [kind.create(row, placeOf(task, emitting)), ...finishing(task, emitting)];
  }
}

const LOCKED = { ...STANDING, online: false };

const isLocked = (fate: Fate | undefined): boolean => fate?.does === "replace" && fate.locked === true;

/** Where a part is made, with the clauses of its own parts. */
function placeOf(task: Task, emitting: Emitting): Place {
  const { fates, to, placeIn } = emitting;
  const clauses = sortParts(task.parts).map(
    (part) => part.object.kind.inline?.(part.object.row, placeOf(part, emitting)) ?? "",
  );
  const parts = clauses.filter((clause) => clause !== "");
  return placeIn("to", { ...noveltyOf(task.object, fates, to), parts });
}

/** What remains to be said of an object and the parts that were made with it. */
function finishing(task: Task, { fates, to, placeIn }: Omit<Emitting, "from">): Statements[] {
  const { kind, row } = task.object;
  const own = kind.finish?.(row, placeIn("to", { ...noveltyOf(task.object, fates, to), parts: [] }));
  return [
    ...(own ? [own] : []),
    ...sortParts(task.parts).flatMap((part) => finishing(part, { fates, to, placeIn })),
  ];
}

/** What holds rows goes with all that it is made of. */
function lostWith(task: Task): ObjectId[] {
  if (task.object.kind.holdsRows?.(task.object.row)) return [task.object.id];
  return task.parts.flatMap(lostWith);
}

const nameOf = (row: object): string => (row as { name: string }).name;
