import { ConfitureError } from "../base/errors.ts";
import { type Issue, issueOf, newIssue } from "../base/issue.ts";
import { runChecks } from "./check.ts";
import { CHECKS } from "./checks/index.ts";
import { type Edited, editedSince, mismatchText } from "./checksums.ts";
import type { MigrationFile, MigrationFiles } from "./files.ts";
import type { LedgerRow } from "./ledger/ledger.ts";
import { type MigrationBody, readBody } from "./migration.ts";
import { refuseTooOld } from "./squash/squash-state.ts";

/** What the files alone tell, for `migrations`; rows of a ledger add the checksum check. */
export async function checkFiles(
  files: MigrationFiles,
  migrations: readonly MigrationFile[],
  rows: readonly LedgerRow[] | undefined,
): Promise<Issue[]> {
  const issues = await checkNames(files);
  for (const migration of migrations) issues.push(...(await checkOne(migration, rows ?? [])));
  return [...issues, ...(rows ? editedSince(files, rows) : []).map(edited)];
}

/** What `migrate validate` finds; a version claimed twice has a code of preflight's own. */
async function checkNames(files: MigrationFiles): Promise<Issue[]> {
  const found = await runChecks(CHECKS, { files });
  return found
    .flatMap(([, findings]) => findings)
    .map((finding) =>
      finding.code === "MIGR_106" ? { ...finding, code: "PFLIGHT_DUPLICATE_VERSION" } : finding,
    );
}

const edited = (found: Edited): Issue =>
  newIssue("error", "PFLIGHT_CHECKSUM_MISMATCH", mismatchText(found), {
    file: found.file,
    actionable:
      found.recorded === null
        ? "Compare the file with the database, then record its hash: `confiture verify-checksums --fix`."
        : "Restore the file, or put the change into a new migration.",
  });

async function checkOne(migration: MigrationFile, rows: readonly LedgerRow[]): Promise<Issue[]> {
  const body = await readRunnable(migration, rows).catch((error: unknown) => {
    if (error instanceof ConfitureError) return error;
    throw error;
  });
  if (body instanceof ConfitureError) return [issueOf(body)];
  const issues: Issue[] = [];
  if (!body.reversible) issues.push(missingDown(migration, body));
  if (!body.transactional) issues.push(nonTransactional(migration, body));
  return issues;
}

async function readRunnable(migration: MigrationFile, rows: readonly LedgerRow[]): Promise<MigrationBody> {
  const body = await readBody(migration, "up");
  if (body.directives.squashes.length > 0) refuseTooOld(rows, body.directives);
  return body;
}

function missingDown({ version, upFile }: MigrationFile, { directives }: MigrationBody): Issue {
  return directives.irreversible
    ? newIssue("info", "PFLIGHT_MISSING_DOWN", `${version} is declared irreversible`, {
        migration: version,
        file: upFile,
      })
    : newIssue("error", "PFLIGHT_MISSING_DOWN", `${version} has no .down.sql`, {
        migration: version,
        file: upFile,
        actionable: "Write the .down.sql, or put `-- confiture: irreversible` at the top of the .up.sql.",
      });
}

const nonTransactional = ({ version }: MigrationFile, body: MigrationBody): Issue =>
  newIssue("warning", "PFLIGHT_NON_TRANSACTIONAL", `${version} does not run in one transaction`, {
    migration: version,
    file: body.file,
    actionable: "A failure half-way leaves the statements before it in place; keep such migrations short.",
    details: { statements: body.nonTransactionalStatements },
  });
