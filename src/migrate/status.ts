import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import { Connection } from "../pg/connection.ts";
import { findMigrations, type MigrationFiles } from "./files.ts";
import { findLedger, type Ledger, type LedgerRow, readLedger } from "./ledger.ts";
import { ledgersElsewhere } from "./ledgers-elsewhere.ts";
import { rebuildReasons } from "./rebuild-reasons.ts";
import type { Target } from "./target.ts";

export const statusOutput = defineOutput(
  "migrate.status",
  1,
  z.object({
    tracking_table: z.string().nullable().describe("As configured; null when no database was named"),
    resolved_table: z.string().nullable().describe("schema.name of the ledger found"),
    applied: z.array(z.string()),
    pending: z.array(z.string()),
    current: z.string().nullable().describe("Applied last"),
    total: z.int().describe("Migrations on disk"),
    migrations: z.array(
      z.object({
        version: z.string(),
        name: z.string(),
        status: z.enum(["applied", "pending", "missing", "unknown"]).describe("missing: applied, file gone"),
        applied_at: z.string().nullable(),
      }),
    ),
    summary: z.object({ applied: z.int(), pending: z.int(), total: z.int() }),
    orphaned_migrations: z.array(z.string()).describe("Files that look like migrations and are never run"),
    duplicate_versions: z.record(z.string(), z.array(z.string())),
    warning: z.string().nullable(),
    hints: z.array(z.string()),
    rebuild_recommended: z.boolean().optional().describe("Only with --check-rebuild and a database"),
    rebuild_reasons: z.array(z.string()).optional().describe("Only with --check-rebuild and a database"),
  }),
);

export type StatusResult = z.infer<typeof statusOutput.schema>;

export interface StatusOptions {
  /** Say whether a rebuild is advised: from this many pending migrations on, or because one asks for it. */
  readonly rebuildThreshold?: number | undefined;
}

/**
 * Compare the migrations on disk with the ledger; writes nothing.
 * Without a `url` nothing is known of a database, and every migration is `unknown`.
 */
export async function status(
  target: Pick<Target, "environment" | "trackingTable" | "migrationsDir"> & {
    readonly url?: string | undefined;
  },
  { rebuildThreshold }: StatusOptions = {},
): Promise<StatusResult> {
  const files = await findMigrations(target.migrationsDir);
  if (target.url === undefined) return unknownStatus(files);
  await using db = await Connection.open(target.url, target);
  const ledger = await findLedger(db, target.trackingTable);
  const rows = ledger.resolved === null ? [] : await readLedger(db, ledger);
  const result = knownStatus(files, ledger, rows);
  const hints = [...result.hints, ...elsewhereHints(ledger, await ledgersElsewhere(db, ledger))];
  if (rebuildThreshold === undefined) return { ...result, hints };
  const pending = new Set(result.pending);
  const reasons = rebuildReasons(
    files.migrations.filter(({ version }) => pending.has(version)),
    rebuildThreshold,
  );
  return { ...result, hints, rebuild_recommended: reasons.length > 0, rebuild_reasons: reasons };
}

function elsewhereHints({ table, resolved }: Ledger, others: readonly string[]): string[] {
  if (others.length === 0) return [];
  const fix = "name it with its schema in migration.tracking_table, or correct the search_path";
  return [
    resolved === null
      ? `There is a ledger of the same name elsewhere: ${others.join(", ")}. If it is meant, ${fix}.`
      : `${table} is ${resolved} here, and there is also ${others.join(", ")}. If that is meant, ${fix}.`,
  ];
}

function unknownStatus(files: MigrationFiles): StatusResult {
  return {
    ...aboutFiles(files),
    tracking_table: null,
    resolved_table: null,
    applied: [],
    pending: [],
    current: null,
    migrations: files.migrations.map(({ version, name }) => ({
      version,
      name,
      status: "unknown",
      applied_at: null,
    })),
    summary: { applied: 0, pending: 0, total: files.migrations.length },
    hints: [
      "No database was named, so nothing is known of what is applied; give --database-url or a config file.",
    ],
  };
}

function knownStatus(files: MigrationFiles, ledger: Ledger, rows: readonly LedgerRow[]): StatusResult {
  const applied = new Map(rows.map((row) => [row.version, row]));
  const onDisk = new Set(files.migrations.map((m) => m.version));
  const pending = files.migrations.filter((m) => !applied.has(m.version)).map((m) => m.version);
  const absent = ledger.resolved === null;
  return {
    ...aboutFiles(files),
    tracking_table: ledger.table,
    resolved_table: ledger.resolved,
    applied: rows.map((row) => row.version),
    pending,
    current: rows.at(-1)?.version ?? null,
    migrations: [
      ...files.migrations.map(({ version, name }) => ({
        version,
        name,
        status: applied.has(version) ? ("applied" as const) : ("pending" as const),
        applied_at: applied.get(version)?.applied_at ?? null,
      })),
      ...rows
        .filter((row) => !onDisk.has(row.version))
        .map(({ version, name, applied_at }) => ({ version, name, status: "missing" as const, applied_at })),
    ],
    summary: { applied: rows.length, pending: pending.length, total: files.migrations.length },
    warning: absent ? `there is no ledger ${ledger.table} in this database` : null,
    hints: absent
      ? [
          "Every migration counts as pending. If the schema is already there, run `confiture migrate baseline` first.",
        ]
      : [],
  };
}

const aboutFiles = (files: MigrationFiles) => ({
  total: files.migrations.length,
  orphaned_migrations: [...files.orphans, ...files.python],
  duplicate_versions: Object.fromEntries(
    Object.entries(files.duplicates).map(([v, names]) => [v, [...names]]),
  ),
  warning: files.exists ? null : `the migrations directory ${files.dir} does not exist`,
});
