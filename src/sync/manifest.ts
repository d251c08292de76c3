import * as z from "zod";
import { sha256 } from "../base/hash.ts";
import { defineOutput } from "../base/output.ts";
import { tableKey } from "./catalog.ts";
import { columnKey } from "./joined-columns.ts";
import type { ColumnCounts } from "./copy/mask-rows.ts";
import type { JoinCount } from "./joins.ts";
import type { LeakScan } from "./leaks/check-leaks.ts";
import type { SyncPlan } from "./plan.ts";
import type { Source } from "./source/source.ts";
import type { FinishedUnit } from "./target/records.ts";
import { ident } from "../sql/tag.ts";

export const leakScanSchema = z.object({
  extent: z.enum(["sample", "full"]),
  /** Values of masked columns that were looked for. */
  values: z.number(),
  /** Values by column that would tell nothing: too short, or such as the anonymizer gives itself. */
  untold: z.record(z.string(), z.number()),
  /** Columns that were not searched because their rules say so. */
  unsearched: z.array(z.string()),
  leaks: z.array(z.object({ from: z.string(), found_in: z.string(), times: z.number() })),
});

/** What a sync did; the record of it for an audit as well. */
export const syncOutput = defineOutput(
  "sync",
  1,
  z.object({
    ok: z.literal(true),
    command: z.literal("sync"),
    anonymized: z.boolean(),
    mode: z.enum(["staged", "in place"]),
    source: z.string(),
    target: z.string(),
    /** Moment of the source, as pg_current_snapshot() gives it. */
    snapshot: z.string(),
    key_id: z.string().nullable(),
    rules_hash: z.string(),
    /** Rows by table. */
    tables: z.record(z.string(), z.number()),
    total_rows: z.number(),
    details: z.array(
      z.object({
        table: z.string(),
        rows: z.number(),
        /** Of them from a run that was interrupted. */
        resumed_rows: z.number(),
        bytes: z.number(),
        /** SHA-256 of the checksums of all parts, in order. */
        checksum: z.string(),
        masked: z.array(
          z.object({
            column: z.string(),
            anonymizer: z.string(),
            domain: z.string(),
            values: z.number(),
            nulls: z.number(),
            empty: z.number().describe("Empty texts, and arrays without elements, that stay so"),
            unchanged: z.number().describe("Other values that stand in for themselves"),
          }),
        ),
      }),
    ),
    /** Null where nothing is masked. */
    leak_scan: leakScanSchema.nullable(),
    /** Rows that find one by a foreign key, or within a named identity domain. */
    joins: z.array(
      z.object({
        by: z.string(),
        from: z.string(),
        columns: z.array(z.string()),
        to: z.string(),
        to_columns: z.array(z.string()),
        before: z.number(),
        after: z.number(),
      }),
    ),
    warnings: z
      .array(z.string())
      .describe("Sequences that the target lacks, and columns of which too many values are unchanged"),
    started_at: z.string(),
    duration_ms: z.number(),
  }),
);
export type SyncResult = z.infer<typeof syncOutput.schema>;

interface Outcome {
  readonly plan: SyncPlan;
  readonly source: Source;
  readonly kept: readonly FinishedUnit[];
  readonly loaded: readonly FinishedUnit[];
  readonly leakScan: LeakScan | null;
  readonly joins: readonly JoinCount[];
  readonly warnings: readonly string[];
  readonly startedAt: Date;
}

export function manifestOf(
  request: {
    readonly inPlace: boolean;
    readonly source: { readonly name: string };
    readonly target: { readonly name: string };
  },
  outcome: Outcome,
): SyncResult {
  const { plan, source, startedAt } = outcome;
  const details = plan.tables.map((table) => tableResult(tableKey(table), outcome));
  return {
    ok: true,
    command: "sync",
    anonymized: plan.treatments.some(({ origin }) => origin !== "plaintext"),
    mode: request.inPlace ? "in place" : "staged",
    source: request.source.name,
    target: request.target.name,
    snapshot: source.moment.snapshot,
    key_id: plan.keyId,
    rules_hash: plan.rulesHash,
    tables: Object.fromEntries(details.map(({ table, rows }) => [table, rows])),
    total_rows: details.reduce((sum, { rows }) => sum + rows, 0),
    details,
    leak_scan: outcome.leakScan && {
      ...outcome.leakScan,
      unsearched: [...outcome.leakScan.unsearched],
      leaks: [...outcome.leakScan.leaks],
    },
    joins: outcome.joins.map(({ columns, toColumns, ...join }) => ({
      ...join,
      columns: [...columns],
      to_columns: [...toColumns],
    })),
    warnings: [...outcome.warnings, ...unchangedValues(details, plan)],
    started_at: startedAt.toISOString(),
    duration_ms: Date.now() - startedAt.getTime(),
  };
}

function tableResult(table: string, { plan, kept, loaded }: Outcome): SyncResult["details"][number] {
  const own = [...kept, ...loaded].filter(({ unit }) => unit.table === table);
  const sum = (units: readonly FinishedUnit[], of: (unit: FinishedUnit) => number) =>
    units.reduce((total, unit) => total + of(unit), 0);
  return {
    table,
    rows: sum(own, ({ copied }) => copied.rows),
    resumed_rows: sum(
      kept.filter(({ unit }) => unit.table === table),
      ({ copied }) => copied.rows,
    ),
    bytes: sum(own, ({ copied }) => copied.bytes),
    checksum: sha256(
      own
        .map(({ unit, copied }) => `${unit.from} ${unit.firstPage} ${copied.checksum}`)
        .toSorted()
        .join("\n"),
    ),
    masked: plan.treatments
      .filter((one) => one.table === table && plan.copies.get(table)!.maskers !== null)
      .flatMap(({ column, rule, domain }) => {
        const counts = countsOf(own, ident(column.name));
        return counts === null
          ? []
          : [{ column: column.name, anonymizer: rule.anonymizer.name, domain, ...counts }];
      }),
  };
}

/** Of all units together; null for a column that was not masked on the way. */
function countsOf(units: readonly FinishedUnit[], column: string): ColumnCounts | null {
  const all = units.flatMap(({ copied }) => copied.counts[column] ?? []);
  if (all.length === 0) return null;
  const sum = (of: (counts: ColumnCounts) => number) => all.reduce((total, counts) => total + of(counts), 0);
  return {
    values: sum(({ values }) => values),
    nulls: sum(({ nulls }) => nulls),
    empty: sum(({ empty }) => empty),
    unchanged: sum(({ unchanged }) => unchanged),
  };
}

/** One value of so many that came out as it was is worth a warning. */
const WARN_FROM = 100;

/** Columns with too many values that stand in for themselves, but for those of which parts stay as they are. */
function unchangedValues(details: SyncResult["details"], { treatments }: SyncPlan): string[] {
  const partial = new Set(
    treatments
      .filter(({ rule }) => rule.anonymizer.isPartial)
      .map(({ table, column }) => columnKey(table, column.name)),
  );
  return details.flatMap(({ table, masked }) =>
    masked.flatMap(({ column, anonymizer, values, empty, unchanged }) => {
      const key = columnKey(table, column);
      const told = values - empty;
      if (unchanged === 0 || unchanged * WARN_FROM < told || partial.has(key)) return [];
      return [`${key}: ${unchanged} of ${told} values came out as they were (${anonymizer})`];
    }),
  );
}
