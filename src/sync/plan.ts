import { ConfitureError } from "../base/errors.ts";
import { sha256 } from "../base/hash.ts";
import type { Connection } from "../pg/connection.ts";
import { type ForeignKey, readForeignKeys, readTables, type SyncTable, tableKey } from "./catalog.ts";
import { prepareCopies, type TableCopy } from "./copy/table-copy.ts";
import { refuseOtherColumns, refuseOutsideReferences, refuseRows, refuseSameDatabase } from "./guard.ts";
import { type MasterKey, masterKey } from "./keyed/master-key.ts";
import { refuseLargeObjects } from "./large-objects.ts";
import type { Rules } from "./rules-file.ts";
import { type Selection, selectTables, withExcludes } from "./selection.ts";
import { readRun } from "./target/records.ts";
import { readSequences, type ColumnSequence } from "./target/sequences.ts";
import type { SubsetQuery } from "./subset/plan-subset.ts";
import { rowRulesOf, subsetsOf } from "./row-rules.ts";
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
  /** Throws when the tables are not what the caller wants them to be on both sides. */
  readonly checkTables?: ((copied: CopiedTables) => Promise<void>) | undefined;
}

/** The tables of a sync as the source has them, and connections to both sides. */
export interface CopiedTables {
  readonly source: Connection;
  readonly target: Connection;
  readonly tables: readonly SyncTable[];
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
  /** Tables of which not all rows are copied. */
  readonly subsets: ReadonlyMap<string, SubsetQuery>;
  readonly sequences: readonly ColumnSequence[];
  /** What replacements depend on. */
  readonly key: MasterKey;
  /** Null where nothing depends on the key. */
  readonly keyId: string | null;
  /** Hash of what the rules say, whatever their layout. */
  readonly rulesHash: string;
  /** Hash of all that must be the same for a run to be gone on with. */
  readonly fingerprint: string;
}

/**
 * Decide what is copied and what happens to each column. Reads both sides, writes nothing. Throws SYNC_001 to protect
 * the target, SYNC_301 for what is not there or differs and for large objects, ANON_1400 to ANON_1403 for rules that do not do.
 */
export async function planSync(source: Source, target: Connection, request: PlanRequest): Promise<SyncPlan> {
  refuseSameDatabase(source.identity, await readIdentity(target));
  const [all, foreignKeys] = [await readTables(source.db, request.ours), await readForeignKeys(source.db)];
  const tables = selectTables(all, withExcludes(request, request.rules));
  const { treatments, problems } = classify(tables, { tables: all, foreignKeys }, request.rules, request);
  throwFirst(problems);
  await request.checkTables?.(await comparable({ source: source.db, target, tables }));
  const targets = await readTables(target, request.ours);
  refuseOtherColumns(tables, targets);
  const keys = new Set(tables.map(tableKey));
  const selectedTargets = targets.filter((table) => keys.has(tableKey(table)));
  refuseOutsideReferences(await readForeignKeys(target), selectedTargets);
  if (!request.replace && !request.resume) await refuseRows(target, selectedTargets);
  const isKeyed = treatments.some(({ rule }) => rule.anonymizer.isKeyed);
  const key = isKeyed ? request.key() : UNUSED_KEY;
  const keyId = isKeyed ? key.id : null;
  const copies = await prepareCopies(treatments, key);
  const rowRules = rowRulesOf(tables, all, request.rules);
  const subsets = await subsetsOf(source, tables, foreignKeys, rowRules);
  await refuseLargeObjects(source.db, { tables, treatments, subsets });
  const rulesHash = sha256(JSON.stringify([treatments.map(describe), [...rowRules]]));
  return {
    tables,
    targets: new Map(selectedTargets.map((table) => [tableKey(table), table])),
    treatments,
    foreignKeys,
    copies,
    subsets,
    sequences: await readSequences(
      source.db,
      tables.map(({ oid }) => oid),
    ),
    key,
    keyId,
    rulesHash,
    fingerprint: sha256(JSON.stringify([source.identity, rulesHash, keyId, [...keys]])),
  };
}

/** Throws SYNC_301 for a target that lacks what an interrupted run took away. */
async function comparable(copied: CopiedTables): Promise<CopiedTables> {
  if ((await readRun(copied.target))?.mode !== "in place") return copied;
  throw new ConfitureError(
    "SYNC_301",
    "an interrupted sync in place left the target without some keys and indexes, so that its structure cannot be compared",
    { actionable: "Run it without --schema-check." },
  );
}

/** Where nothing is keyed, nothing depends on it. */
const UNUSED_KEY = masterKey("nothing is keyed here");

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
