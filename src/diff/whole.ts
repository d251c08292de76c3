import type { Kind, ObjectId } from "../schema/kind.ts";
import { KINDS } from "../schema/kinds/index.ts";
import type { Row, Snapshot } from "../schema/snapshot.ts";

/** Tells what an object of a snapshot is a part of in the end, e.g. a table; null for what stands by itself. */
export type OutermostOf = (kind: Kind<Row>, row: Row) => ObjectId | null;

export function outermostIn({ objects }: Snapshot): OutermostOf {
  const known = new Map<string, ReadonlyMap<ObjectId, ObjectId | null>>();
  const wholesOf = (kindName: string) => {
    const found = known.get(kindName);
    if (found) return found;
    const kind = KINDS.find(({ name }) => name === kindName);
    const rows = kind?.within === undefined ? [] : (objects[kindName] ?? []);
    const wholes = new Map(rows.map((row) => [`${kindName} ${kind!.label(row)}`, kind!.within!(row)]));
    known.set(kindName, wholes);
    return wholes;
  };
  return (kind, row) => {
    let outermost = kind.within?.(row) ?? null;
    for (let next = outermost; next !== null; next = wholesOf(kindNameOf(next)).get(next) ?? null)
      outermost = next;
    return outermost;
  };
}

const kindNameOf = (id: ObjectId): string => id.slice(0, id.indexOf(" "));
