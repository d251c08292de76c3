import { ConfitureError } from "../base/errors.ts";
import { changeLines } from "../diff/change.ts";
import { compare } from "../diff/compare.ts";
import { outermostIn } from "../diff/whole.ts";
import type { Kind, ObjectId } from "../schema/kind.ts";
import { KINDS } from "../schema/kinds/index.ts";
import {
  isStructure,
  type LinkedSnapshot,
  readLinkedSnapshot,
  type Row,
  type Snapshot,
} from "../schema/snapshot.ts";
import { tableKey } from "../sync/catalog.ts";
import type { CopiedTables } from "../sync/plan.ts";

/** What says something about an object and changes nothing in it does not count, nor who owns it or may use it. */
const isCompared = (kind: Kind): boolean => isStructure(kind) && kind.isRemark === undefined;

/** Differences that a message names; its details have all. */
const SHOWN = 3;

/**
 * Compare the tables of a sync, with all that is part of them, their partitions and the types that they use. Throws
 * DIFFER_401 for servers of two major versions, SYNC_301 when anything differs.
 */
export async function refuseOtherStructure({ source, target, tables }: CopiedTables): Promise<void> {
  const majors = { source: source.server.major, target: target.server.major };
  if (majors.source !== majors.target) {
    throw new ConfitureError(
      "DIFFER_401",
      `the source is on PostgreSQL ${majors.source} and the target on PostgreSQL ${majors.target}: neither can be read at the version of the other`,
      {
        details: majors,
        actionable:
          "Run the sync without --schema-check, and compare each with the DDL files or migrations by `confiture drift`, which builds them at its version.",
      },
    );
  }
  const expected = await readLinkedSnapshot(source, { only: isCompared });
  const actual = await readLinkedSnapshot(target, { only: isCompared });
  const names = new Set(tables.flatMap((table) => [table, ...table.leaves]).map(tableKey));
  const counted = new Set([...wholesOf(expected, names), ...wholesOf(actual, names)]);
  const changes = compare(onlyOf(expected, counted), onlyOf(actual, counted));
  if (changes.length === 0) return;
  const problems = changeLines(changes).map(({ sign, rest }) => sign + rest);
  const more = problems.length > SHOWN ? `; and ${problems.length - SHOWN} more` : "";
  throw new ConfitureError(
    "SYNC_301",
    `the target differs from the source (- only in the source, + only in the target): ${problems.slice(0, SHOWN).join("; ")}${more}`,
    { details: { problems } },
  );
}

/** An object of a snapshot, and what it is a part of in the end, or itself. */
interface Placed {
  readonly kind: Kind<Row>;
  readonly row: Row;
  readonly id: ObjectId;
  readonly whole: ObjectId;
}

function place(snapshot: Snapshot): readonly Placed[] {
  const outermost = outermostIn(snapshot);
  return (KINDS as readonly Kind<Row>[]).flatMap((kind) =>
    (snapshot.objects[kind.name] ?? []).map((row) => {
      const id = `${kind.name} ${kind.label(row)}`;
      return { kind, row, id, whole: outermost(kind, row) ?? id };
    }),
  );
}

/** The relations with these names, their partitions, and the types that any of these use, through other types too. */
function wholesOf(snapshot: LinkedSnapshot, names: ReadonlySet<string>): ReadonlySet<ObjectId> {
  const placed = place(snapshot);
  const types = new Set(placed.filter(({ kind }) => kind.catalog === "pg_type").map(({ id }) => id));
  const isNamed = ({ kind, row, id, whole }: Placed) =>
    kind.catalog === "pg_class" && id === whole && kind.occupies?.(row).some((name) => names.has(name));
  const found = new Set(placed.filter(isNamed).map(({ id }) => id));
  for (let known = -1; known < found.size;) {
    known = found.size;
    for (const { kind, row, id, whole } of placed) {
      if (found.has(kind.movesWith?.(row) ?? "")) found.add(id);
      if (!found.has(whole)) continue;
      for (const used of snapshot.dependencies.get(id) ?? []) if (types.has(used)) found.add(used);
    }
  }
  return found;
}

const onlyOf = (snapshot: LinkedSnapshot, wholes: ReadonlySet<ObjectId>): Snapshot => {
  const rows = new Map<string, Row[]>(KINDS.map(({ name }) => [name, []]));
  for (const { kind, row, whole } of place(snapshot)) if (wholes.has(whole)) rows.get(kind.name)?.push(row);
  return { ...snapshot, objects: Object.fromEntries(rows) };
};
