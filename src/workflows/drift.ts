import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import { changeSchema } from "../diff/change.ts";
import { compare } from "../diff/compare.ts";
import { KINDS } from "../schema/kinds/index.ts";
import { readSnapshot, type Snapshot } from "../schema/snapshot.ts";
import { definingFiles } from "./defining-file.ts";
import { checkAccess, type DeclaredAccess } from "./access/check-access.ts";
import { type DriftItem, driftItems, driftItemSchema } from "./drift-items.ts";
import { ignoreChanges, matcher } from "./ignore-changes.ts";
import { openSides, type SidesOptions } from "./sides/open-sides.ts";
import type { Side } from "./sides/side.ts";

export const driftOutput = defineOutput(
  "drift",
  1,
  z.object({
    ok: z.boolean().describe("Nothing critical, and under --fail-on-warning nothing at all"),
    database_name: z.string(),
    expected_schema_source: z.string(),
    has_drift: z.boolean(),
    has_critical_drift: z.boolean(),
    critical_count: z.int(),
    warning_count: z.int(),
    info_count: z.int(),
    ignored_count: z.int().describe("Differences that drift.ignore and --ignore left out"),
    tables_checked: z.int(),
    columns_checked: z.int(),
    indexes_checked: z.int(),
    objects_checked: z.int().describe("Of all kinds, those of the source and those only in the database"),
    detection_time_ms: z.int(),
    drift_items: z.array(driftItemSchema),
    changes: z.array(changeSchema).describe("+ only in the database, - only in the source, ~ differs"),
    hints: z.array(z.string()),
  }),
);

export type DriftResult = z.infer<typeof driftOutput.schema>;

export interface DriftOptions extends SidesOptions {
  /** Also compare with what is declared of access. */
  readonly access?: DeclaredAccess | undefined;
  /** Patterns on kind and name of differences that do not count. */
  readonly ignore?: readonly string[] | undefined;
  /** Nothing is critical. */
  readonly warnOnly?: boolean | undefined;
  /** Any difference says no. */
  readonly failOnWarning?: boolean | undefined;
}

/**
 * How a database differs from what its source says, and from what is declared of access; without a source from that
 * alone. Only reads the database. Throws CONFIG_006, SCRATCH_001 or DIFFER_401 when the two cannot be compared, else
 * what the sides throw.
 */
export async function drift(source: Side | null, live: Side, options: DriftOptions): Promise<DriftResult> {
  const started = performance.now();
  const compared = source && (await compareWith(source, live, options));
  const access = options.access && (await checkAccess(options.access));
  const declared = siftAccess(access?.items ?? [], compared?.items ?? [], options.ignore ?? []);
  const items = [...(compared?.items ?? []), ...declared.items].map((item) =>
    options.warnOnly && item.severity === "critical" ? { ...item, severity: "warning" as const } : item,
  );
  const count = (severity: string) => items.filter((item) => item.severity === severity).length;
  const critical = count("critical");
  return {
    ok: critical === 0 && !(options.failOnWarning && items.length > 0),
    database_name: compared?.database ?? access?.database ?? "",
    expected_schema_source: source?.label ?? "the config file",
    has_drift: items.length > 0,
    has_critical_drift: critical > 0,
    critical_count: critical,
    warning_count: count("warning"),
    info_count: count("info"),
    ignored_count: (compared?.ignored ?? 0) + declared.ignored,
    ...(compared?.checked ?? { ...NOTHING_CHECKED, objects_checked: access?.checked ?? 0 }),
    detection_time_ms: Math.round(performance.now() - started),
    drift_items: items,
    changes: [...(compared?.changes ?? [])],
    hints: [...(compared?.hints ?? []), ...(access?.hints ?? [])],
  };
}

const NOTHING_CHECKED = { tables_checked: 0, columns_checked: 0, indexes_checked: 0 };

/** The schema, object by object. */
async function compareWith(source: Side, live: Side, options: DriftOptions) {
  await using sides = await openSides(source, live, { ...options, read: readSnapshot });
  const [expected, actual] = [sides.from.snapshot, sides.to.snapshot];
  const found = compare(expected, actual);
  const { changes, ignored } = ignoreChanges(found, options.ignore ?? []);
  const fileOf = await definingFiles(changes, sides.from.sources ?? [], [expected, actual]);
  const checked = KINDS.map((kind) => ({ ...kind.drift, count: checkedOf(kind.name, expected, found) }));
  const total = (of: typeof checked) => of.reduce((sum, one) => sum + one.count, 0);
  const counted = (what: string) => total(checked.filter((one) => one.counted === what));
  return {
    database: actual.database,
    items: driftItems(changes, fileOf),
    changes,
    ignored,
    hints: hintsOf(expected, actual),
    checked: {
      tables_checked: counted("tables"),
      columns_checked: counted("columns"),
      indexes_checked: counted("indexes"),
      objects_checked: total(checked),
    },
  };
}

/** Without what is ignored, and what the comparison of the schema told already. */
function siftAccess(items: readonly DriftItem[], told: readonly DriftItem[], patterns: readonly string[]) {
  const idOf = ({ kind, object }: DriftItem) => `${kind} ${object}`;
  const known = new Set(told.map(idOf));
  const isIgnored = matcher(patterns);
  const own = items.filter((item) => !known.has(idOf(item)));
  const kept = own.filter((item) => !isIgnored(idOf(item)));
  return { items: kept, ignored: own.length - kept.length };
}

/** Those that the source has, and those that only the database has. */
const checkedOf = (name: string, expected: Snapshot, found: ReturnType<typeof compare>): number =>
  (expected.objects[name] ?? []).length + found.filter(({ op, kind }) => op === "+" && kind === name).length;

/** Either side may be empty because the wrong thing was named. */
function hintsOf(expected: Snapshot, actual: Snapshot): string[] {
  const isBare = ({ objects }: Snapshot) =>
    KINDS.filter((kind) => kind.drift?.counted).every((kind) => objects[kind.name]?.length === 0);
  return [
    ...(isBare(expected) ? ["The source makes no table: is it the right one?"] : []),
    ...(isBare(actual) ? [`The database ${actual.database} has no table: is it the right one?`] : []),
  ];
}
