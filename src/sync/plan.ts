import * as z from "zod";
import { sha256 } from "../base/hash.ts";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { type ForeignKey, readForeignKeys, readTables, type SyncTable, tableKey } from "./catalog.ts";
import { prepareCopy, type TableCopy } from "./copy/table-copy.ts";
import { refuseOtherColumns, refuseOutsideReferences, refuseRows, refuseSameDatabase } from "./guard.ts";
import { type MasterKey, masterKey } from "./keyed/master-key.ts";
import type { Rules } from "./rules-file.ts";
import { type Selection, selectTables } from "./selection.ts";
import { readSequences, type ColumnSequence } from "./target/sequences.ts";
import { readIdentity, type Source } from "./source/source.ts";
import { classify, throwFirst, type Treatment } from "./treatment.ts";

export interface PlanRequest extends Selection {
  /** Later ones win. */
  readonly rules: readonly Rules[];
  /** Throws ANON_1402 when there is none; asked only when an anonymizer needs it. */
  readonly key: () => MasterKey;
  /** Columns without a rule are copied as they are. */
  readonly allowPlaintext: boolean;
  /** Rows of the target may be replaced. */
  readonly replace: boolean;
  /** Go on with the run that was interrupted, whose rows the target may hold. */
  readonly resume: boolean;
  /** Tables of the tool, such as the ledger, that are never copied. */
  readonly ours: readonly string[];
}

/** All that is decided before a row is read. */
export interface SyncPlan {
  readonly tables: readonly SyncTable[];
  /** The same tables as the target has them. */
  readonly targets: ReadonlyMap<string, SyncTable>;
  readonly treatments: readonly Treatment[];
  /** Of the source. */
  readonly foreignKeys: readonly ForeignKey[];
  readonly copies: ReadonlyMap<string, TableCopy>;
  readonly sequences: readonly ColumnSequence[];
  readonly keyId: string | null;
  /** Hash of what the rules say, whatever their layout. */
  readonly rulesHash: string;
  /** Hash of all that must be the same for a run to be gone on with. */
  readonly fingerprint: string;
}

/**
 * Decide what is copied and what happens to each column. Reads both sides, writes nothing. Throws SYNC_001 to protect
 * the target, SYNC_301 for what is not there or differs, ANON_1400 to ANON_1403 for rules that do not do.
 */
export async function planSync(source: Source, target: Connection, request: PlanRequest): Promise<SyncPlan> {
  refuseSameDatabase(source.identity, await readIdentity(target));
  const [all, foreignKeys] = [await readTables(source.db, request.ours), await readForeignKeys(source.db)];
  const tables = selectTables(all, request);
  const { treatments, problems } = classify(tables, { tables: all, foreignKeys }, request.rules, request);
  throwFirst(problems);
  const targets = await readTables(target, request.ours);
  refuseOtherColumns(tables, targets);
  const keys = new Set(tables.map(tableKey));
  const selectedTargets = targets.filter((table) => keys.has(tableKey(table)));
  refuseOutsideReferences(await readForeignKeys(target), selectedTargets);
  if (!request.replace && !request.resume) await refuseRows(target, selectedTargets);
  const key = treatments.some(({ rule }) => rule.anonymizer.isKeyed) ? request.key() : null;
  const copies = await prepareCopies(treatments, key ?? UNUSED_KEY);
  const rulesHash = sha256(JSON.stringify(treatments.map(describe)));
  return {
    tables,
    targets: new Map(selectedTargets.map((table) => [tableKey(table), table])),
    treatments,
    foreignKeys,
    copies,
    sequences: await readSequences(
      source.db,
      tables.map(({ oid }) => oid),
    ),
    keyId: key?.id ?? null,
    rulesHash,
    fingerprint: sha256(JSON.stringify([source.identity, rulesHash, key?.id ?? null, [...keys]])),
  };
}

/** Where nothing is keyed, nothing depends on it. */
const UNUSED_KEY = masterKey("nothing is keyed here");

async function prepareCopies(
  treatments: readonly Treatment[],
  key: MasterKey,
): Promise<Map<string, TableCopy>> {
  const shared = (domain: string) => {
    const { isUnique, maxLength } = treatments.find((one) => one.domain === domain)?.masked ?? {};
    return {
      ...(isUnique === undefined ? {} : { isUnique }),
      ...(maxLength === undefined ? {} : { maxLength }),
    };
  };
  const copies = new Map<string, TableCopy>();
  for (const table of new Set(treatments.map((one) => one.table))) {
    const own = treatments.filter((one) => one.table === table);
    copies.set(table, await prepareCopy(table, own, { key, shared }));
  }
  return copies;
}

const describe = ({ table, column, rule, domain, masked }: Treatment) => [
  table,
  column.name,
  column.sqlType,
  rule.anonymizer.name,
  rule.options,
  domain,
  masked.isUnique,
  masked.maxLength,
];

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
        estimated_rows: z.number().nullable(),
        bytes: z.number(),
        format: z.enum(["binary", "text"]),
        columns: z.array(treatmentSchema),
      }),
    ),
  }),
);

export type SyncPlanResult = z.infer<typeof syncPlanOutput.schema>;

/** The plan as a result. */
export const describePlan = (
  plan: SyncPlan,
  { source, target }: { readonly source: string; readonly target: string },
): SyncPlanResult => ({
  ok: true,
  command: "sync",
  dry_run: true,
  source,
  target,
  key_id: plan.keyId,
  rules_hash: plan.rulesHash,
  tables: plan.tables.map((table) => ({
    table: tableKey(table),
    estimated_rows: table.estimatedRows,
    bytes: table.bytes,
    format: plan.copies.get(tableKey(table))!.isBinary ? "binary" : "text",
    columns: plan.treatments
      .filter((treatment) => treatment.table === tableKey(table))
      .map(({ column, rule, origin, domain, distinctness }) => ({
        column: column.name,
        type: column.sqlType,
        anonymizer: rule.anonymizer.name,
        origin,
        domain: rule.anonymizer.isKeyed ? domain : null,
        distinctness,
      })),
  })),
});
