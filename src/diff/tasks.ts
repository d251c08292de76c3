import type { ObjectId } from "../schema/kind.ts";
import { type Fates, noveltyOf } from "./fates.ts";
import type { PlaceMaker } from "./place.ts";
import type { Located, Side } from "./side.ts";

/** What is done to an object at one point of a plan. */
export type Act = "drop" | "rename away" | "alter" | "create" | "repoint" | "drop old";

/** One act on one object. */
export interface Task {
  readonly act: Act;
  readonly object: Located;
  /** Tasks that must be done before. */
  readonly after: Set<Task>;
  /** The task that does this one along with its own, as a table is created with its columns. */
  host: Task | null;
  readonly parts: Task[];
}

export type Tasks = ReadonlyMap<ObjectId, ReadonlyMap<Act, Task>>;

const ACTS_OF = {
  create: ["create"],
  drop: ["drop"],
  replace: ["drop", "create"],
  alter: ["alter"],
  swap: ["rename away", "create", "drop old"],
} as const;

const FROM_ACTS: ReadonlySet<Act> = new Set(["drop", "rename away", "drop old"]);

/** The tasks that fates ask for, each with what must be done before it. */
export function tasksOf(from: Side, to: Side, fates: Fates): Tasks {
  const tasks = new Map<ObjectId, Map<Act, Task>>();
  const add = (id: ObjectId, act: Act) => {
    const object = (FROM_ACTS.has(act) ? from : to).objects.get(id)!;
    const acts = tasks.get(id) ?? new Map<Act, Task>();
    tasks.set(id, acts.set(act, { act, object, after: new Set(), host: null, parts: [] }));
  };
  for (const [id, { does }] of fates.of) for (const act of ACTS_OF[does]) add(id, act);
  for (const id of fates.repointed) add(id, "repoint");
  for (const acts of tasks.values()) orderActs(acts);
  orderLeaving(tasks, from);
  orderArriving(tasks, to);
  orderReshaping(tasks, fates, { from, to });
  orderNames(tasks);
  return tasks;
}

export const allTasks = (tasks: Tasks): Task[] => [...tasks.values()].flatMap((acts) => [...acts.values()]);

function orderActs(acts: ReadonlyMap<Act, Task>): void {
  const inOrder = ["drop", "rename away", "create", "drop old"] as const;
  const found = inOrder.map((act) => acts.get(act)).filter((task) => task !== undefined);
  found.forEach((task, i) => {
    const before = found[i - 1];
    if (before) task.after.add(before);
  });
}

/** Users of an object leave it before it goes or changes. */
function orderLeaving(tasks: Tasks, from: Side): void {
  for (const [id, acts] of tasks) {
    for (const dependentId of from.dependentsOf(id)) {
      const others = tasks.get(dependentId);
      if (!others) continue;
      const dropped = others.get("drop");
      if (dropped)
        for (const act of ["drop", "alter", "repoint", "rename away"] as const)
          if (act !== "alter" || !isRowsOf(dropped, id)) acts.get(act)?.after.add(dropped);
      for (const act of ["alter", "repoint", "drop old"] as const) {
        const leaving = others.get(act);
        if (!leaving) continue;
        acts.get("drop")?.after.add(leaving);
        acts.get("drop old")?.after.add(leaving);
      }
    }
  }
}

/** A whole may change around those of its parts that hold rows. */
const isRowsOf = ({ object: { kind, row } }: Task, whole: ObjectId): boolean =>
  kind.within?.(row) === whole && kind.holdsRows?.(row) === true;

/** What an object uses is there and as it shall be before the object comes or changes. */
function orderArriving(tasks: Tasks, to: Side): void {
  const arriving = ["alter", "create", "repoint"] as const;
  for (const [id, acts] of tasks) {
    for (const on of to.dependenciesOf(id)) {
      const others = tasks.get(on);
      if (!others) continue;
      for (const act of arriving)
        for (const other of arriving) {
          const before = others.get(other);
          if (before) acts.get(act)?.after.add(before);
        }
    }
  }
}

/**
 * A reshaped object takes the parts of what it joins: those that go are gone by then, and those that hold rows come to
 * both, but for what it has already under that name.
 */
function orderReshaping(tasks: Tasks, { reshaped }: Fates, { from, to }: { from: Side; to: Side }): void {
  for (const id of reshaped) {
    const joining = tasks.get(id)?.get("alter");
    if (!joining) continue;
    const joined = [...to.dependenciesOf(id)].filter((on) => !from.dependenciesOf(id).has(on));
    const has = namesWithin(id, from);
    for (const task of allTasks(tasks)) {
      const { kind, row } = task.object;
      const whole = kind.within?.(row);
      if (whole == null || !joined.includes(whole)) continue;
      const isNew = task.act === "create" && kind.holdsRows?.(row) && !tasks.get(whole)?.has("create");
      if (task.act === "drop" && !waitsFor(task, joining)) joining.after.add(task);
      else if (isNew && !has.has(String(row["name"])) && !waitsFor(joining, task)) task.after.add(joining);
    }
  }
}

/** Whether a task comes after another one already. */
function waitsFor(task: Task, other: Task): boolean {
  const seen = new Set([task]);
  for (const one of seen) {
    if (one === other) return true;
    for (const before of one.after) seen.add(before);
  }
  return false;
}

/** Names of the parts of an object that hold rows. */
const namesWithin = (id: ObjectId, { objects }: Side): Set<string> =>
  new Set(
    [...objects.values()]
      .filter(({ kind, row }) => kind.within?.(row) === id && kind.holdsRows?.(row))
      .map(({ row }) => String(row["name"])),
  );

/** A name is free before another object takes it. */
function orderNames(tasks: Tasks): void {
  const leaving = new Map<string, Task>();
  for (const acts of tasks.values()) {
    const drop = acts.get("drop");
    for (const name of drop?.object.kind.occupies?.(drop.object.row) ?? []) leaving.set(name, drop!);
  }
  for (const acts of tasks.values()) {
    const create = acts.get("create");
    for (const name of create?.object.kind.occupies?.(create.object.row) ?? []) {
      const drop = leaving.get(name);
      if (drop) create!.after.add(drop);
    }
  }
}

interface Folding {
  readonly fates: Fates;
  readonly to: Side;
  readonly placeIn: PlaceMaker;
}

/** Lets parts be done along with what they belong to. */
export function foldParts(tasks: Tasks, { fates, to, placeIn }: Folding): void {
  for (const task of allTasks(tasks)) {
    const { kind, row } = task.object;
    const whole = kind.within?.(row);
    const acts = whole == null ? undefined : tasks.get(whole);
    if (!acts) continue;
    if (task.act === "drop") task.host = acts.get("drop") ?? acts.get("rename away") ?? null;
    else if (task.act === "create") {
      const host = acts.get("create");
      const place = placeIn("to", { ...noveltyOf(task.object, fates, to), parts: [] });
      const isFoldable = host && kind.inline && kind.inline(row, place) !== null;
      if (isFoldable) task.host = host;
    }
    task.host?.parts.push(task);
  }
}

/** The task that stands for this one in the order. */
export function rootOf(task: Task): Task {
  let root = task;
  while (root.host) root = root.host;
  return root;
}

/** Takes a part out of its host, so that it is done by itself. */
export function unfold(task: Task): void {
  const parts = task.host?.parts;
  parts?.splice(parts.indexOf(task), 1);
  task.host = null;
}
