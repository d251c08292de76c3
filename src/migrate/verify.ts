import { join } from "node:path";
import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { Connection } from "../pg/connection.ts";
import { type Sql, sql } from "../sql/tag.ts";
import { findMigrations, type MigrationFiles, migrationOfRow, requireDirectory } from "./files.ts";
import { limitStatements } from "./job.ts";
import { findLedger, type LedgerRow, readLedger } from "./ledger/ledger.ts";
import type { Target } from "./target.ts";
import { askVerifyQuery, readVerifyQuery } from "./verify-query.ts";

export const verifyOutput = defineOutput(
  "migrate.verify",
  1,
  z.object({
    verified_count: z.int(),
    failed_count: z.int(),
    skipped_count: z.int().describe("Applied migrations without a .verify.sql"),
    total_applied: z.int(),
    ledger_present: z.boolean(),
    results: z
      .array(
        z.object({
          version: z.string(),
          name: z.string(),
          status: z.enum(["verified", "failed", "no_file"]),
          actual_value: z
            .string()
            .nullable()
            .describe("First column of the first row as PostgreSQL prints it; null for NULL and for no row"),
          verify_file: z.string().nullable(),
          error: z.string().nullable(),
        }),
      )
      .describe("In the order of application"),
  }),
);

export type VerifyResult = z.infer<typeof verifyOutput.schema>;

export interface VerifyOptions {
  /** Verify this applied migration alone: a version or `version_name`. */
  readonly version?: string | undefined;
  /** A database without a ledger has nothing to verify, rather than PRECON_1001. */
  readonly allowUninitialized?: boolean | undefined;
}

/** An applied migration and what its `.verify.sql` asks, if it has one. */
interface Assertion {
  readonly row: LedgerRow;
  readonly file: string | undefined;
  readonly query: Sql | undefined;
  /** The migration's own file is gone. */
  readonly isGone: boolean;
}

/**
 * Ask the database what the `.verify.sql` files of its applied migrations assert, in a read-only transaction.
 * A query that the server refuses has failed. Throws PRECON_1001, CONFIG_004, MIGR_100 for a `version` that is
 * not applied, and VERIFY_001 before anything is asked.
 */
export async function verify(target: Target, options: VerifyOptions = {}): Promise<VerifyResult> {
  const files = await findMigrations(target.migrationsDir);
  requireDirectory(files);
  await using db = await Connection.open(target.url, target);
  const ledger = await findLedger(db, target.trackingTable);
  if (ledger.resolved === null && options.allowUninitialized) return resultOf([], [], false);
  const rows = await readLedger(db, ledger);
  const assertions = await readAssertions(files, rowsNamed(rows, options.version));
  const results = await db.transaction(() => askAll(db, assertions), readOnly(target));
  return resultOf(rows, results, true);
}

/** The timeouts of a run hold here too. */
const readOnly = ({ limits }: Target): Sql => sql.raw(["read only", ...limitStatements(limits)].join("; "));

function rowsNamed(rows: readonly LedgerRow[], word: string | undefined): readonly LedgerRow[] {
  if (word === undefined) return rows;
  const found = rows.filter(({ version, name }) => version === word || `${version}_${name}` === word);
  if (found.length > 0) return found;
  throw new ConfitureError("MIGR_100", `no migration ${word} is applied`, {
    migration: word,
    details: { versions: rows.map(({ version }) => version).slice(-10) },
  });
}

/** Every file is read before anything is asked; all that are no query are told in one error. */
async function readAssertions(files: MigrationFiles, rows: readonly LedgerRow[]): Promise<Assertion[]> {
  const migrationOf = migrationOfRow(files);
  const strays = new Set(files.strays);
  const wrong: ConfitureError[] = [];
  const assertions: Assertion[] = [];
  for (const row of rows) {
    const migration = migrationOf(row);
    const alone = `${row.version}_${row.name}.verify.sql`;
    const file = migration ? migration.verifyFile : strays.has(alone) ? join(files.dir, alone) : undefined;
    const query = file === undefined ? undefined : await readVerifyQuery(file).catch(notAQuery(wrong));
    assertions.push({ row, file, query, isGone: migration === undefined });
  }
  const [first] = wrong;
  if (first === undefined) return assertions;
  const messages = wrong.map(({ message }) => message);
  throw new ConfitureError("VERIFY_001", messages.join("; "), {
    ...first.context,
    details: { files: wrong.map(({ context }) => context.file) },
  });
}

const notAQuery = (wrong: ConfitureError[]) => (error: unknown) => {
  if (!(error instanceof ConfitureError) || error.code !== "VERIFY_001") throw error;
  wrong.push(error);
  return undefined;
};

type Answer = VerifyResult["results"][number];

async function askAll(db: Connection, assertions: readonly Assertion[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const assertion of assertions) {
    db.throwIfAborted();
    answers.push(await askOne(db, assertion));
  }
  return answers;
}

async function askOne(db: Connection, { row, file, query, isGone }: Assertion): Promise<Answer> {
  const answer = { version: row.version, name: row.name, actual_value: null, verify_file: file ?? null };
  if (query === undefined) {
    return { ...answer, status: "no_file", error: isGone ? "the migration's own file is gone too" : null };
  }
  try {
    const { passed, value } = await askVerifyQuery(db, query);
    return { ...answer, status: passed ? "verified" : "failed", actual_value: value, error: null };
  } catch (error) {
    if (!(error instanceof ConfitureError) || error.code !== "SQL_001") throw error;
    return { ...answer, status: "failed", error: error.message };
  }
}

function resultOf(rows: readonly LedgerRow[], results: Answer[], ledgerPresent: boolean): VerifyResult {
  const count = (status: Answer["status"]) => results.filter((answer) => answer.status === status).length;
  return {
    verified_count: count("verified"),
    failed_count: count("failed"),
    skipped_count: count("no_file"),
    total_applied: rows.length,
    ledger_present: ledgerPresent,
    results,
  };
}
