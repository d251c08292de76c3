import type { ObjectId } from "../schema/kind.ts";
import type { Fates } from "./fate.ts";
import type { PlaceFinder } from "./place.ts";
import type { Located, Side } from "./side.ts";

/** What is done to an object at one point of a plan, in the order in which it comes to one object. */
export const ACTS = [
  "drop",
  "rename away",
  "set aside",
  "alter",
  "create",
  "repoint",
  "take over",
  "drop old",
] as const;

export type Act = (typeof ACTS)[number];

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

/** What these are done to is as it was before. */
export const FROM_ACTS: ReadonlySet<Act> = new Set(["drop", "rename away", "set aside", "drop old"]);

/** The tasks that fates ask for, each with what must be done before it. */
export function tasksOf(from: Side, to: Side, fates: Fates): Tasks {
  const tasks = new Map<ObjectId, Map<Act, Task>>();
  const add = (id: ObjectId, act: Act) => {
    const object = (FROM_ACTS.has(act) ? from : to).objects.get(id)!;
    const acts = tasks.get(id) ?? new Map<Act, Task>();
    tasks.set(id, acts.set(act, { act, object, after: new Set(), host: null, parts: [] }));
  };
  for (const [id, fate] of fates.of) {
    for (const act of fate.does === "copy" ? actsOfCopy({ from, to }, id, fate.root) : ACTS_OF[fate.does])
      add(id, act);
    if (fate.does === "alter" && fate.givesName) add(id, "rename away");
  }
  for (const id of fates.repointed) add(id, "repoint");
  for (const acts of tasks.values()) orderActs(acts);
  orderLeaving(tasks, from);
  orderArriving(tasks, to);
  orderReshaping(tasks, fates, { from, to });
  orderNames(tasks);
  return tasks;
}

/** What can be set aside by itself is; all else goes along with that. Rows are taken over by the root alone. */
function actsOfCopy({ from, to }: { from: Side; to: Side }, id: ObjectId, root: ObjectId): Act[] {
  const { kind } = from.objects.get(id)!;
  if (id === root) return ["set aside", "create", "take over", "drop old"];
  if (!to.objects.has(id)) return ["set aside"];
  if (kind.setAside) return ["set aside", "create"];
  return kind.takeOver ? ["drop", "create", "take over"] : ["drop", "create"];
}

export const allTasks = (tasks: Tasks): Task[] => [...tasks.values()].flatMap((acts) => [...acts.values()]);

function orderActs(acts: ReadonlyMap<Act, Task>): void {
  const found = ACTS.map((act) => acts.get(act)).filter((task) => task !== undefined);
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
        for (const act of ["drop", "alter", "repoint", "rename away", "set aside"] as const)
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

const ARRIVING: ReadonlySet<Act> = new Set(["alter", "create", "repoint"]);

/** What an object uses is there and as it shall be before the object comes or changes. */
function orderArriving(tasks: Tasks, to: Side): void {
  for (const [id, acts] of tasks) {
    const arriving = [...acts.values()].filter(({ act }) => ARRIVING.has(act));
    if (arriving.length === 0) continue;
    for (const on of to.dependenciesOf(id))
      for (const before of tasks.get(on)?.values() ?? [])
        if (ARRIVING.has(before.act)) for (const task of arriving) task.after.add(before);
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
    const has = new Set(partsWithRows(id, from).map(({ row }) => row["name"]));
    for (const whole of to.dependenciesOf(id)) {
      if (from.dependenciesOf(id).has(whole)) continue;
      for (const part of partsOf(whole, from)) {
        const gone = tasks.get(part.id)?.get("drop");
        if (gone && !waitsFor(gone, joining)) joining.after.add(gone);
      }
      if (tasks.get(whole)?.has("create")) continue;
      for (const part of partsWithRows(whole, to)) {
        const come = tasks.get(part.id)?.get("create");
        if (come && !has.has(part.row["name"]) && !waitsFor(joining, come)) come.after.add(joining);
      }
    }
  }
}

const partsOf = (whole: ObjectId, side: Side): Located[] =>
  [...side.dependentsOf(whole)]
    .map((id) => side.objects.get(id)!)
    .filter(({ kind, row }) => kind.within?.(row) === whole);

const partsWithRows = (whole: ObjectId, side: Side): Located[] =>
  partsOf(whole, side).filter(({ kind, row }) => kind.holdsRows?.(row));

/** Whether a task comes after another one already. */
function waitsFor(task: Task, other: Task): boolean {
  const seen = new Set([task]);
  for (const one of seen) {
    if (one === other) return true;
    for (const before of one.after) seen.add(before);
  }
  return false;
}

/** A name is free before another object takes it. */
function orderNames(tasks: Tasks): void {
  const leaving = new Map<string, Task>();
  const namesOf = ({ object: { kind, row } }: Task): readonly string[] => kind.occupies?.(row) ?? [];
  for (const acts of tasks.values()) {
    const freeing = acts.get("drop") ?? acts.get("rename away");
    if (freeing) for (const name of namesOf(freeing)) leaving.set(name, freeing);
  }
  for (const acts of tasks.values()) {
    const taking = acts.get("create") ?? acts.get("alter");
    if (!taking) continue;
    for (const name of namesOf(taking)) {
      const freeing = leaving.get(name);
      if (freeing) taking.after.add(freeing);
    }
  }
}

/** Lets parts be done along with what they belong to. */
export function foldParts(tasks: Tasks, placeFor: PlaceFinder): void {
  for (const task of allTasks(tasks)) {
    const { kind, row } = task.object;
    const whole = kind.within?.(row);
    const acts = whole == null ? undefined : tasks.get(whole);
    if (!acts) continue;
    if (task.act === "drop") {
      const aside = kind.staysBehind ? undefined : acts.get("set aside");
      task.host = acts.get("drop") ?? acts.get("rename away") ?? aside ?? null;
    }
    if (task.act === "create") {
      const host = acts.get("create");
      const isFoldable = host && kind.inline && kind.inline(row, placeFor(task.object)) !== null;
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
