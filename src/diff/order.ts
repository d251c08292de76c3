import { ConfitureError } from "../base/errors.ts";
import { type Act, rootOf, type Task, unfold } from "./tasks.ts";

const RANK: Readonly<Record<Act, number>> = {
  drop: 0,
  "rename away": 0,
  "set aside": 0,
  alter: 1,
  create: 1,
  repoint: 1,
  "take over": 1,
  "drop old": 2,
};

/**
 * The tasks that are done by themselves, each after what must be done before it and after that of its parts; parts
 * that would close a circle are taken out of their host. Throws DIFFER_405 for a circle that is left.
 */
export function inOrder(tasks: readonly Task[]): Task[] {
  const sorted = tasks.toSorted(byRank);
  for (;;) {
    const components = componentsOf(sorted.filter((task) => task.host === null));
    const circles = components.filter((component) => component.length > 1);
    if (circles.length === 0) return components.flat();
    if (!circles.map(breakUp).includes(true)) throw circular(circles[0]!);
  }
}

function byRank(a: Task, b: Task): number {
  return (
    RANK[a.act] - RANK[b.act] ||
    a.object.kindIndex - b.object.kindIndex ||
    byPosition(a, b) ||
    (a.object.id < b.object.id ? -1 : 1)
  );
}

/** Parts of one object in their order. */
function byPosition({ object: a }: Task, { object: b }: Task): number {
  const [of, other] = [a.kind.within?.(a.row) ?? "", b.kind.within?.(b.row) ?? ""];
  if (of !== other) return of < other ? -1 : 1;
  return (a.kind.position?.(a.row) ?? 0) - (b.kind.position?.(b.row) ?? 0);
}

/** Parts before their wholes in a list are sorted as everything is. */
export const sortParts = (parts: readonly Task[]): Task[] => parts.toSorted(byRank);

/**
 * Takes parts out of the tasks of a circle: those that wait for another task of it, as a default for its sequence;
 * when there are none, those that are waited for. False when neither are.
 */
function breakUp(circle: readonly Task[]): boolean {
  const roots = new Set(circle);
  const waiting = new Set<Task>();
  const awaited = new Set<Task>();
  for (const member of circle.flatMap(membersOf))
    for (const before of member.after) {
      const other = rootOf(before);
      if (!roots.has(other) || other === rootOf(member)) continue;
      if (member.host !== null) waiting.add(member);
      if (before.host !== null) awaited.add(before);
    }
  const parts = waiting.size > 0 ? waiting : awaited;
  for (const part of parts) unfold(part);
  return parts.size > 0;
}

/**
 * The same tasks with fewer transactions: all that one transaction can hold comes first, so that a view is dropped
 * and made again in the same one. `isShared` tells what can stand in a transaction with others.
 */
export function inStages(tasks: readonly Task[], isShared: (task: Task) => boolean): Task[] {
  const stages = new Map<Task, number>();
  for (const task of tasks) {
    const shared = isShared(task);
    const stagesBefore = beforeOf(task).map((before) => {
      const stage = stages.get(before) ?? 0;
      return shared && isShared(before) ? stage : stage + 1;
    });
    stages.set(
      task,
      stagesBefore.reduce((latest, stage) => Math.max(latest, stage), 0),
    );
  }
  const rank = (task: Task) => stages.get(task)! * 2 + (isShared(task) ? 0 : 1);
  return tasks.toSorted((a, b) => rank(a) - rank(b));
}

/** The tasks by themselves that must be done before one and its parts. */
const beforeOf = (task: Task): Task[] =>
  [...new Set(membersOf(task).flatMap(({ after }) => [...after].map(rootOf)))].filter(
    (other) => other !== task,
  );

const membersOf = (task: Task): Task[] => [task, ...task.parts.flatMap(membersOf)];

const circular = (circle: readonly Task[]): ConfitureError => {
  const objects = circle.map(({ act, object }) => `${act} ${object.id}`);
  return new ConfitureError("DIFFER_405", `No order is possible between ${objects.join(", ")}`, {
    details: { circle: objects },
  });
};

interface Visit {
  readonly task: Task;
  readonly before: readonly Task[];
  next: number;
  index: number;
  low: number;
  onStack: boolean;
}

/**
 * Strongly connected components, what must be done before coming first: Tarjan, "Depth-first search and linear
 * graph algorithms" (1972), with a stack of its own instead of recursion.
 */
function componentsOf(roots: readonly Task[]): Task[][] {
  const rank = new Map(roots.map((task, i) => [task, i]));
  const visits = new Map<Task, Visit>();
  const components: Task[][] = [];
  const stack: Visit[] = [];
  const start = (task: Task): Visit => {
    const before = beforeOf(task).sort((a, b) => rank.get(a)! - rank.get(b)!);
    const index = visits.size;
    const visit = { task, before, next: 0, index, low: index, onStack: true };
    visits.set(task, visit);
    stack.push(visit);
    return visit;
  };
  for (const root of roots) {
    if (visits.has(root)) continue;
    const path = [start(root)];
    for (let visit = path.at(-1); visit; visit = path.at(-1)) {
      const next = visit.before[visit.next++];
      if (next) {
        const known = visits.get(next);
        if (!known) path.push(start(next));
        else if (known.onStack) visit.low = Math.min(visit.low, known.index);
        continue;
      }
      path.pop();
      const caller = path.at(-1);
      if (caller) caller.low = Math.min(caller.low, visit.low);
      if (visit.low === visit.index) components.push(popComponent(stack, visit));
    }
  }
  return components;
}

function popComponent(stack: Visit[], until: Visit): Task[] {
  const component = stack.splice(stack.lastIndexOf(until));
  for (const visit of component) visit.onStack = false;
  return component.map(({ task }) => task);
}
