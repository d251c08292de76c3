import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { type Issue, issueOf, issueSchema } from "../base/issue.ts";
import { defineOutput } from "../base/output.ts";
import { type Check, runChecks } from "./check.ts";
import { CHECKS } from "./checks/index.ts";
import { emptyHint, findMigrations, type MigrationFiles, requireDirectory } from "./files.ts";
import { fixNaming, misnamedFiles, type Renaming } from "./fix-naming.ts";
import { type LedgerSource, readApplied } from "./ledger/read-applied.ts";
import { isLinear, type Linear, sumMismatch } from "./linear/check-sum.ts";
import { keepingSum, writeSum } from "./linear/write-sum.ts";

const verdict = z.enum(["passed", "failed"]);

export const validateOutput = defineOutput(
  "migrate.validate",
  1,
  z.object({
    version: z.literal("1"),
    status: verdict,
    checks: z.record(z.string(), z.object({ status: verdict, findings: z.array(issueSchema) })),
    dry_run: z.boolean(),
    fixed: z
      .array(z.tuple([z.string(), z.string()]))
      .describe("Old and new names of files that were renamed, in a dry run: would be"),
    errors: z.array(z.tuple([z.string(), z.string()])).describe("Files that were not renamed, and why"),
    sum_written: z.string().nullable().describe("With --linear --fix: migrations.sum"),
    hints: z.array(z.string()),
  }),
);

export type ValidateResult = z.infer<typeof validateOutput.schema>;

export interface ValidateOptions {
  readonly migrationsDir: string;
  /** Names of checks; all of them by default. */
  readonly checks?: readonly string[] | undefined;
  /** Warnings say no as well. */
  readonly strict?: boolean | undefined;
  /** Rename files first that look like migrations; see `fixNaming`. */
  readonly fixNaming?: boolean | undefined;
  /** Say what would be renamed; rename nothing. */
  readonly dryRun?: boolean | undefined;
  /** Asked only when there is something to rename: what it has applied is not touched. */
  readonly ledger?: (() => Promise<LedgerSource | undefined>) | undefined;
  /** Whether `migrations.sum` must match; where absent, whether there is one. */
  readonly linear?: Linear;
  /** Write `migrations.sum` for the files as they are. */
  readonly fixSum?: boolean | undefined;
  /** More that the check `linear` looks for, which runs for it in any case. */
  readonly order?: ((files: MigrationFiles) => Promise<readonly Issue[]>) | undefined;
}

/**
 * Run every requested check on the migration files and report all findings together; needs no database.
 * Throws CONFIG_004 without a migrations directory, CONFIG_008 for a check that does not exist, and as `order`.
 */
export async function validate(options: ValidateOptions): Promise<ValidateResult> {
  const checks = checksNamed(options.checks);
  const before = await findMigrations(options.migrationsDir);
  requireDirectory(before);
  const { fixed, errors, hints } = await renaming(before, options);
  const changed = fixed.length > 0 && !options.dryRun;
  const files = changed ? await findMigrations(options.migrationsDir) : before;
  const sumWritten = options.fixSum && !options.dryRun ? await writeSum(files.dir) : null;
  const found = [...(await runChecks(checks, { files })), ...(await checkOrder(files, options))];
  const statusOf = (findings: readonly Issue[]) =>
    findings.some((f) => f.severity === "error" || (options.strict && f.severity === "warning"))
      ? ("failed" as const)
      : ("passed" as const);
  return {
    version: "1",
    status: statusOf(found.flatMap(([, findings]) => findings)),
    checks: Object.fromEntries(
      found.map(([name, findings]) => [name, { status: statusOf(findings), findings: [...findings] }]),
    ),
    dry_run: options.dryRun ?? false,
    fixed: [...fixed],
    errors: [...errors],
    sum_written: sumWritten,
    hints: [...hints, ...emptyHint(files)],
  };
}

/** Where it was asked for, or all checks were and the directory is linear. */
async function checkOrder(files: MigrationFiles, { linear, order, checks }: ValidateOptions) {
  if (order === undefined && (checks !== undefined || !isLinear(files.dir, linear))) return [];
  const mismatch = sumMismatch(files);
  const findings = [...(mismatch ? [issueOf(mismatch)] : []), ...((await order?.(files)) ?? [])];
  return [["linear", findings] as const];
}

function checksNamed(names: readonly string[] | undefined): readonly Check[] {
  if (names === undefined) return CHECKS;
  const unknown = names.filter((name) => !CHECKS.some((check) => check.name === name));
  if (names.length > 0 && unknown.length === 0) return CHECKS.filter(({ name }) => names.includes(name));
  const known = CHECKS.map((check) => check.name);
  const what = unknown.length === 0 ? "no check is named" : `there is no check ${unknown.join(", ")}`;
  throw new ConfitureError("CONFIG_008", `${what}; there are ${known.join(", ")}`, {
    details: { unknown, checks: known },
  });
}

async function renaming(
  files: MigrationFiles,
  options: ValidateOptions,
): Promise<Renaming & { readonly hints: readonly string[] }> {
  if (!options.fixNaming || misnamedFiles(files).length === 0) return { fixed: [], errors: [], hints: [] };
  const { rows, hints } = await readApplied(options.ledger);
  const applied = new Set(rows.map(({ version }) => version));
  const work = () => fixNaming(files, applied, options);
  const renamed = await (options.fixSum ? work() : keepingSum(files.dir, options, work));
  return { ...renamed, hints };
}
