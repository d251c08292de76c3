import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import { type SyncTable, tableKey } from "./catalog.ts";
import type { SyncPlan } from "./plan.ts";
import type { Source } from "./source/source.ts";
import { estimateSubset } from "./subset/estimate.ts";
import type { Treatment } from "./treatment.ts";

const treatmentSchema = z.object({
  column: z.string(),
  type: z.string(),
  anonymizer: z.string(),
  /** Whether the rule is written, is that of a column joined by a foreign key, or there is none. */
  origin: z.enum(["rule", "foreign key", "plaintext"]),
  domain: z.string().nullable(),
  distinctness: z.enum(["bijection", "collision-free", "lossy"]),
});

/** What a sync would do. */
export const syncPlanOutput = defineOutput(
  "sync.plan",
  1,
  z.object({
    ok: z.literal(true),
    command: z.literal("sync"),
    dry_run: z.literal(true),
    source: z.string(),
    target: z.string(),
    key_id: z.string().nullable(),
    rules_hash: z.string(),
    tables: z.array(
      z.object({
        table: z.string(),
        /** Why not all rows are copied; null where they are. */
        rows: z.string().nullable(),
        estimated_rows: z.number().nullable(),
        bytes: z.number(),
        format: z.enum(["binary", "text"]),
        columns: z.array(treatmentSchema),
      }),
    ),
  }),
);

export type SyncPlanResult = z.infer<typeof syncPlanOutput.schema>;

/** The plan as a result; how much a part of a table is, the source's planner guesses. */
export async function describePlan(
  plan: SyncPlan,
  source: Source,
  names: { readonly source: string; readonly target: string },
): Promise<SyncPlanResult> {
  const tables: SyncPlanResult["tables"] = [];
  for (const table of plan.tables) tables.push(await describeTable(table, plan, source));
  return {
    ok: true,
    command: "sync",
    dry_run: true,
    ...names,
    key_id: plan.keyId,
    rules_hash: plan.rulesHash,
    tables,
  };
}

async function describeTable(
  table: SyncTable,
  plan: SyncPlan,
  { db }: Source,
): Promise<SyncPlanResult["tables"][number]> {
  const key = tableKey(table);
  const copy = plan.copies.get(key)!;
  const subset = plan.subsets.get(key);
  const estimate =
    subset === undefined
      ? { rows: table.estimatedRows, bytes: table.bytes }
      : await estimateSubset(db, subset.select(copy.expressions), table);
  return {
    table: key,
    rows: subset?.reason ?? null,
    estimated_rows: estimate.rows,
    bytes: estimate.bytes,
    format: copy.isBinary ? "binary" : "text",
    columns: plan.treatments.filter((one) => one.table === key).map(describeColumn),
  };
}

const describeColumn = ({ column, rule, origin, domain, distinctness }: Treatment) => ({
  column: column.name,
  type: column.sqlType,
  anonymizer: rule.anonymizer.name,
  origin,
  domain: rule.anonymizer.isKeyed ? domain : null,
  distinctness,
});
