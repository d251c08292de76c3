import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { verifyChecksums } from "./checksums.ts";
import { type MigrationFile, type MigrationFiles, migrationNamed } from "./files.ts";
import { findLedger, type LedgerRow, readLedger } from "./ledger/ledger.ts";
import { type MigrationBody, readBody } from "./migration.ts";
import { type Progress, readProgress, refuseHalfWay, strandedWarnings } from "./ledger/progress.ts";
import { inRunOrder, type ParsedRepeatable } from "./repeatables/repeatable.ts";
import { findRepeatables } from "./repeatables/repeatable-files.ts";
import { readRepeatables } from "./repeatables/repeatable-record.ts";
import { refuseTooOld } from "./squash/squash-state.ts";
import type { Target } from "./target.ts";
import type { UpOptions } from "./up.ts";

export type Prepared = readonly [migration: MigrationFile, body: MigrationBody];

/** What a run will do, computed under the lock and before anything is written. */
export interface Plan {
  readonly prepared: readonly Prepared[];
  readonly pending: readonly string[];
  /** Versions in the ledger. */
  readonly recorded: ReadonlySet<string>;
  readonly irreversible: readonly string[];
  /** Repeatable files that changed since they ran, in the order they are to run. */
  readonly repeatables: readonly ParsedRepeatable[];
  readonly checksumsVerified: boolean;
  readonly warnings: readonly string[];
}

export interface Question {
  readonly target: Omit<Target, "url">;
  readonly files: MigrationFiles;
  readonly options: UpOptions;
}

/** Find out what is pending, without a database everything, and read all of it. Writes nothing; errors as of `up`. */
export async function planUp(db: Connection | undefined, question: Question): Promise<Plan> {
  const { target, files, options } = question;
  const recorded = db === undefined ? undefined : await readRecorded(db, target.trackingTable);
  const rows = recorded?.rows;
  const orphans = orphanWarnings(files, options.strict ?? target.strict ?? false);
  const onMismatch = options.force ? "ignore" : (options.onChecksumMismatch ?? "fail");
  const edited = verifyChecksums(files, rows ?? [], onMismatch);
  const pending = pendingOf(files, options.force ? [] : (rows ?? []));
  const last = options.target === undefined ? undefined : migrationNamed(files, options.target);
  const wanted = last ? pending.slice(0, lastIndexUpTo(files, pending, last) + 1) : pending;
  const prepared = await readBodies(wanted);
  for (const [, body] of prepared) {
    if (body.directives.squashes.length > 0) refuseTooOld(rows ?? [], body.directives);
  }
  const forced = options.force ? ["Force mode enabled"] : [];
  const stranded = strandedWarnings(recorded?.progress ?? [], files);
  return {
    prepared,
    pending: pending.map((m) => m.version),
    recorded: new Set(rows?.map((row) => row.version)),
    irreversible: options.requireReversible ? irreversible(prepared) : [],
    repeatables: last
      ? []
      : await changedRepeatables(target.repeatableDir, options.force ? undefined : recorded?.repeatables),
    checksumsVerified: rows !== undefined && onMismatch !== "ignore",
    warnings: [...forced, ...orphans, ...stranded, ...edited, ...unwrappedWarnings(prepared)],
  };
}

/** What a database knows of its migrations. */
interface Recorded {
  readonly rows: readonly LedgerRow[];
  readonly progress: readonly Progress[];
  /** Hashes of the repeatable files that ran, by path. */
  readonly repeatables: ReadonlyMap<string, string>;
}

async function readRecorded(db: Connection, trackingTable: string): Promise<Recorded> {
  const ledger = await findLedger(db, trackingTable);
  if (ledger.resolved === null) return { rows: [], progress: [], repeatables: new Map() };
  const rows = await readLedger(db, ledger);
  const progress = await readProgress(db, ledger);
  refuseHalfWay(ledger, { progress, rows }, "down");
  return { rows, progress, repeatables: await readRepeatables(db, ledger) };
}

/** Repeatable files that are to run again, given the hashes of those that ran. */
export const changedRepeatables = (dir: string | undefined, ran: Recorded["repeatables"] = new Map()) =>
  inRunOrder(findRepeatables(dir), ({ path, checksum }) => ran.get(path) !== checksum);

/** Migrations on disk that the ledger does not know, in version order. */
function pendingOf(files: MigrationFiles, rows: readonly LedgerRow[]): MigrationFile[] {
  const applied = new Set(rows.map((row) => row.version));
  return files.migrations.filter((m) => !applied.has(m.version));
}

const lastIndexUpTo = (
  files: MigrationFiles,
  pending: readonly MigrationFile[],
  last: MigrationFile,
): number => pending.findLastIndex((m) => files.migrations.indexOf(m) <= files.migrations.indexOf(last));

function orphanWarnings(files: MigrationFiles, strict: boolean): string[] {
  if (files.orphans.length === 0) return [];
  if (strict) {
    throw new ConfitureError(
      "MIGR_102",
      `not named like a migration, and never run: ${files.orphans.join(", ")}`,
      {
        file: files.dir,
        actionable:
          "Rename them to <version>_<name>.up.sql, move them away, or leave out --strict and migration.strict_mode.",
        details: { orphaned_files: files.orphans },
      },
    );
  }
  return files.orphans.map((file) => `${file} is not named like a migration and is ignored`);
}

const readBodies = async (wanted: readonly MigrationFile[]): Promise<Prepared[]> => {
  const prepared: Prepared[] = [];
  for (const migration of wanted) prepared.push([migration, await readBody(migration, "up")]);
  return prepared;
};

function unwrappedWarnings(prepared: readonly Prepared[]): string[] {
  const [first, ...more] = prepared.filter(([, body]) => body.unwrapped).map(([, body]) => body.file);
  if (first === undefined) return [];
  const files = more.length === 0 ? first : `${first} and ${more.length} more`;
  return [`${files}: the BEGIN and COMMIT around it are ignored; a migration already runs in a transaction`];
}

const irreversible = (prepared: readonly Prepared[]): string[] =>
  prepared.filter(([, body]) => !body.reversible).map(([migration]) => migration.version);
