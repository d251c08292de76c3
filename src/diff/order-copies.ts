import type { ObjectId } from "../schema/kind.ts";
import type { Fates } from "./fate.ts";
import type { Side } from "./side.ts";
import type { Tasks } from "./tasks.ts";

/**
 * Once parts are folded. A copied object is set aside before its members, and takes its rows over once all is there that they go into, but
 * before what would watch or refuse them. What it has used goes after it.
 */
export function orderCopies(tasks: Tasks, from: Side, to: Side, fates: Fates): void {
  for (const [id, fate] of fates.of) {
    if (fate.does !== "copy") continue;
    const root = tasks.get(fate.root)!;
    const own = tasks.get(id)!;
    const dropOld = root.get("drop old")!;
    for (const on of from.dependenciesOf(id))
      for (const act of ["drop", "drop old"] as const)
        if (fates.of.get(on)?.does !== "copy") tasks.get(on)?.get(act)?.after.add(dropOld);
    if (id === fate.root) orderTakeOver(tasks, to, id);
    else {
      own.get("set aside")?.after.add(root.get("set aside")!);
      for (const act of ["set aside", "take over"] as const) {
        const before = own.get(act);
        if (before) dropOld.after.add(before);
      }
    }
  }
}

function orderTakeOver(tasks: Tasks, to: Side, root: ObjectId): void {
  const takeOver = tasks.get(root)!.get("take over")!;
  const seen = new Set([root]);
  for (const id of seen)
    for (const dependentId of to.dependentsOf(id)) {
      const acts = tasks.get(dependentId);
      const { kind, row } = to.objects.get(dependentId)!;
      if (kind.setAside) {
        seen.add(dependentId);
        for (const act of ["alter", "create"] as const) {
          const before = acts?.get(act);
          if (before) takeOver.after.add(before);
        }
      } else if (id === root && !kind.holdsRows?.(row) && !kind.environmental) {
        const create = acts?.get("create");
        if (create && create.host === null) create.after.add(takeOver);
      }
    }
}
