import { isDeepStrictEqual } from "node:util";
import { ConfitureError } from "../base/errors.ts";
import type { Kind } from "../schema/kind.ts";
import { KINDS } from "../schema/kinds/index.ts";
import type { Row, Snapshot } from "../schema/snapshot.ts";
import type { Change } from "./change.ts";
import { outermostIn, type OutermostOf } from "./whole.ts";

/**
 * What turns `from` into `to`, ordered by kind, then name. Throws DIFFER_401 when the servers' major versions
 * differ: each prints expressions in its own way.
 */
export function compare(from: Snapshot, to: Snapshot): Change[] {
  if (from.major !== to.major)
    throw new ConfitureError(
      "DIFFER_401",
      `${from.database} is on PostgreSQL ${from.major}, ${to.database} on PostgreSQL ${to.major}`,
      { details: { from: from.major, to: to.major } },
    );
  const outermost = { from: outermostIn(from), to: outermostIn(to) };
  const found = KINDS.flatMap((kind) =>
    changesOf(kind, [from.objects[kind.name] ?? [], to.objects[kind.name] ?? []], outermost),
  );
  const whole = new Set(
    found.filter(({ op }) => op !== "~").map(({ op, kind, object }) => `${op}${kind} ${object}`),
  );
  return found.map(({ belongsTo, ...change }) => ({
    ...change,
    within: belongsTo !== null && whole.has(change.op + belongsTo) ? belongsTo : null,
  }));
}

type FoundChange = Omit<Change, "within"> & { readonly belongsTo: string | null };

function changesOf(
  kind: Kind<Row>,
  [from, to]: readonly [from: readonly Row[], to: readonly Row[]],
  outermost: { readonly from: OutermostOf; readonly to: OutermostOf },
): FoundChange[] {
  const before = byKey(kind, from);
  const after = byKey(kind, to);
  const changes: FoundChange[] = [];
  const add = (op: Change["op"], row: Row, attributes: Change["attributes"] = []): void => {
    const belongsTo = op === "~" ? null : (kind.within?.(row) ?? null);
    const part_of = outermost[op === "-" ? "from" : "to"](kind, row);
    changes.push({ op, kind: kind.name, object: kind.label(row), part_of, belongsTo, attributes });
  };
  for (const [key, row] of before) {
    const now = after.get(key);
    if (now === undefined) add("-", row);
    else {
      const attributes = differences(kind, row, now);
      if (attributes.length > 0) add("~", now, attributes);
    }
  }
  for (const [key, row] of after) if (!before.has(key)) add("+", row);
  return changes.sort((a, b) => (a.object < b.object ? -1 : a.object > b.object ? 1 : 0));
}

const byKey = (kind: Kind<Row>, rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map((row) => [keyOf(kind, row), row]));

/** A text that two objects of one kind share only when they are the same object. */
function keyOf(kind: Kind<Row>, row: Row): string {
  let key = "";
  for (const attribute of kind.key) {
    const value = row[attribute];
    key += typeof value === "string" ? `s${value}\0` : `j${JSON.stringify(value)}\0`;
  }
  return key;
}

const NONE: Change["attributes"] = [];

/** The attributes in which two objects of one kind differ. */
export function differences(kind: Kind<Row>, from: Row, to: Row): Change["attributes"] {
  const same = kind.same as Readonly<Record<string, (from: unknown, to: unknown) => boolean>> | undefined;
  let found: Change["attributes"] = NONE;
  for (const name in to) {
    const [before, after] = [from[name], to[name]];
    if (before === after || isDeepStrictEqual(before, after) || same?.[name]?.(before, after)) continue;
    found = [...found, { name, from: before, to: after }];
  }
  return found;
}
