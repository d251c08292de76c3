import type { Aside, ObjectId, Taken } from "../schema/kind.ts";
import type { Place, Statements } from "../schema/statement.ts";
import { ident } from "../sql/tag.ts";
import type { Fate } from "./fate.ts";
import { oldName, renamedAway } from "../schema/other-name.ts";
import type { Located, Side } from "./side.ts";
import { movesWith } from "./spread.ts";

/** Of an object that is copied, with all that moves along: the schema where it waits for its rows to be taken over. */
const waitingRoom = (root: Pick<Located, "kind" | "row">): string =>
  oldName(root.kind.label(root.row).replaceAll(/[^\w]+/g, "_"));

/** The root goes first, into a schema that is made for it. */
export function setAside({ id, kind, row }: Located, root: Located): Statements[] {
  const schema = waitingRoom(root);
  const isRoot = id === root.id;
  return [...(isRoot ? [`create schema ${ident(schema)}`] : []), kind.setAside!(row, schema, isRoot)];
}

interface Copying {
  readonly from: Side;
  readonly to: Side;
  readonly place: Place;
}

/** Rows of the root, or the state of what moved along with it. */
export function takeOver(object: Located, root: Located, copying: Copying): Statements {
  const before = copying.from.objects.get(object.id)!;
  const aside: Aside = { schema: waitingRoom(root), columns: takenBy(object.id, copying) };
  return object.kind.takeOver!(object.row, before.row, aside);
}

function takenBy(whole: ObjectId, copying: Copying): Taken[] {
  const parts = [...copying.to.dependentsOf(whole)].map((id) => copying.to.objects.get(id)!);
  return parts.flatMap((part) =>
    part.kind.within?.(part.row) === whole ? (taken(part, copying) ?? []) : [],
  );
}

function taken({ id, kind, row }: Located, { from, place }: Copying): Taken | null {
  const before = from.objects.get(id);
  return before ? (kind.taken?.(row, before.row, place) ?? null) : null;
}

/** What was renamed away, or set aside in a schema of its own. */
export function dropOld({ kind, row }: Located, fate: Fate | undefined, place: Place): Statements[] {
  if (fate?.does !== "copy") return [kind.drop(renamedAway(row), place)];
  const schema = waitingRoom({ kind, row });
  return [kind.drop({ ...row, schema }, place), `drop schema ${ident(schema)}`];
}

/** Parts of what is copied whose rows or state the target does not take over. */
export function lostInCopy(root: ObjectId, copying: Copying): ObjectId[] {
  const { from, to } = copying;
  const members = new Set([root]);
  for (const id of members)
    for (const dependent of from.dependentsOf(id))
      if (movesWith(from.objects.get(dependent)!, id)) members.add(dependent);
  return [...members].filter((id) => {
    const { kind, row } = from.objects.get(id)!;
    if (kind.setAside || !kind.holdsRows?.(row)) return false;
    const target = to.objects.get(id);
    return target === undefined || (kind.taken !== undefined && taken(target, copying) === null);
  });
}
