import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { Connection } from "../pg/connection.ts";
import { emptyHint, findMigrations, type MigrationFiles } from "./files.ts";
import { BESIDE, findLedger, type Ledger, type LedgerRow, readLedger } from "./ledger/ledger.ts";
import { type Progress, readProgress, strandedWarnings } from "./ledger/progress.ts";
import { findRepeatables, type RepeatableFile } from "./repeatables/repeatable-files.ts";
import { readRepeatables } from "./repeatables/repeatable-record.ts";
import { ledgersElsewhere } from "./ledger/ledgers-elsewhere.ts";
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
        status: z
          .enum(["applied", "pending", "missing", "squashed", "unknown"])
          .describe("missing: applied, file gone; squashed: applied, and a squash stands for it now"),
        applied_at: z.string().nullable(),
      }),
    ),
    summary: z.object({ applied: z.int(), pending: z.int(), total: z.int() }),
    orphaned_migrations: z.array(z.string()).describe("Files that look like migrations and are never run"),
    repeatables: z
      .array(
        z.object({
          path: z.string(),
          status: z.enum(["applied", "changed", "pending", "missing", "unknown"]),
        }),
      )
      .describe("Files below db/repeatable: changed since they ran, never run, or gone"),
    half_done: z
      .array(
        z.object({
          version: z.string(),
          name: z.string(),
          direction: z.enum(["up", "down"]),
          statements_done: z.int(),
          statements_total: z.int(),
          running: z
            .string()
            .nullable()
            .describe("Was under way outside a transaction when the run was cut off"),
          error: z.string().nullable(),
          updated_at: z.string(),
        }),
      )
      .describe("Non-transactional migrations that stopped half-way; the next run goes on with them"),
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
  target: Pick<Target, "environment" | "trackingTable" | "migrationsDir" | "repeatableDir"> &
    Pick<Target, "readOnly" | "signal"> & { readonly url?: string | undefined },
  { rebuildThreshold }: StatusOptions = {},
): Promise<StatusResult> {
  const files = await findMigrations(target.migrationsDir);
  const repeatable = findRepeatables(target.repeatableDir);
  if (target.url === undefined) {
    return { ...unknownStatus(files), repeatables: repeatableStatus(repeatable, undefined) };
  }
  await using db = await Connection.open(target.url, target);
  const ledger = await findLedger(db, target.trackingTable);
  const isThere = ledger.resolved !== null;
  const [rows, progress, ran, others] = await Promise.all([
    isThere ? readLedger(db, ledger) : [],
    isThere ? readIfAllowed(readProgress(db, ledger)) : [],
    isThere ? readIfAllowed(readRepeatables(db, ledger)) : new Map<string, string>(),
    ledgersElsewhere(db, ledger),
  ]);
  const result = knownStatus(files, ledger, { rows, squashed: await squashedAmong(files, rows) });
  return {
    ...result,
    repeatables: repeatableStatus(repeatable, ran),
    half_done: (progress ?? []).map(withoutHash),
    hints: [
      ...result.hints,
      ...emptyHint(files),
      ...elsewhereHints(ledger, others),
      ...(progress ? strandedWarnings(progress, files) : [hiddenHint("what is half-way", BESIDE.progress)]),
      ...(ran ? [] : [hiddenHint("which repeatable files ran", BESIDE.repeatable)]),
    ],
    ...(rebuildThreshold !== undefined && rebuildAdvice(files, result.pending, rebuildThreshold)),
  };
}

/** Undefined where the role may read the ledger, and not what stands beside it. */
const readIfAllowed = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch((error: unknown) => {
    if (error instanceof ConfitureError && error.context.details?.["sqlstate"] === "42501") return undefined;
    throw error;
  });

const hiddenHint = (what: string, table: string): string =>
  `This role may not read ${table}, so it is not known ${what}.`;

/** Files are looked into only where a row has none. */
async function squashedAmong(
  files: MigrationFiles,
  rows: readonly LedgerRow[],
): Promise<ReadonlyMap<string, string>> {
  const onDisk = new Set(files.migrations.map(({ version }) => version));
  if (rows.every(({ version }) => onDisk.has(version))) return new Map();
  return (await import("./squash/squash-state.ts")).squashedRows(files, rows);
}

function rebuildAdvice(files: MigrationFiles, pending: readonly string[], threshold: number) {
  const versions = new Set(pending);
  const reasons = rebuildReasons(
    files.migrations.filter(({ version }) => versions.has(version)),
    threshold,
  );
  return { rebuild_recommended: reasons.length > 0, rebuild_reasons: reasons };
}

function repeatableStatus(
  files: readonly RepeatableFile[],
  ran: ReadonlyMap<string, string> | undefined,
): StatusResult["repeatables"] {
  if (ran === undefined) return files.map(({ path }) => ({ path, status: "unknown" }));
  const paths = new Set(files.map(({ path }) => path));
  const stateOf = ({ path, checksum }: RepeatableFile) => {
    const recorded = ran.get(path);
    if (recorded === undefined) return "pending";
    return recorded === checksum ? "applied" : "changed";
  };
  return [
    ...files.map((file) => ({ path: file.path, status: stateOf(file) }) as const),
    ...[...ran.keys()]
      .filter((path) => !paths.has(path))
      .map((path) => ({ path, status: "missing" }) as const),
  ];
}

function withoutHash(progress: Progress): StatusResult["half_done"][number] {
  const { version, name, direction, statements_done, statements_total, running, error, updated_at } =
    progress;
  return { version, name, direction, statements_done, statements_total, running, error, updated_at };
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
      "No database was named, so nothing is known of what is applied; give --database-url, or database_url in a config file.",
    ],
  };
}

interface Known {
  readonly rows: readonly LedgerRow[];
  readonly squashed: ReadonlyMap<string, string>;
}

function knownStatus(files: MigrationFiles, ledger: Ledger, { rows, squashed }: Known): StatusResult {
  const applied = new Map(rows.map((row) => [row.version, row]));
  const onDisk = new Set(files.migrations.map((m) => m.version));
  const pending = files.migrations.filter((m) => !applied.has(m.version)).map((m) => m.version);
  const absent = ledger.resolved === null;
  const goneAs = (version: string) => (squashed.has(version) ? ("squashed" as const) : ("missing" as const));
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
        .map(({ version, name, applied_at }) => ({ version, name, status: goneAs(version), applied_at })),
    ],
    summary: { applied: rows.length, pending: pending.length, total: files.migrations.length },
    warning: bothOf(
      aboutFiles(files).warning,
      absent ? `there is no ledger ${ledger.table} in this database` : null,
    ),
    hints: absent
      ? [
          "Every migration counts as pending. If the schema is already there, run `confiture migrate baseline` first.",
        ]
      : [],
  };
}

const bothOf = (...warnings: readonly (string | null)[]): string | null =>
  warnings.filter((warning) => warning !== null).join("; ") || null;

const aboutFiles = (files: MigrationFiles) => ({
  repeatables: [],
  half_done: [],
  total: files.migrations.length,
  orphaned_migrations: [...files.orphans, ...files.python],
  duplicate_versions: Object.fromEntries(
    Object.entries(files.duplicates).map(([v, names]) => [v, [...names]]),
  ),
  warning: files.exists ? null : `the migrations directory ${files.dir} does not exist`,
});
