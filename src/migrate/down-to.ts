import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { rollBack } from "./down.ts";
import { dryRunKeys } from "./dry-run.ts";
import type { MigrationFiles } from "./files.ts";
import type { LedgerRow } from "./ledger/ledger.ts";
import type { LockOptions } from "./lock/lock.ts";
import { runReports } from "./run-events.ts";
import type { Target } from "./target.ts";
import type { OnWork } from "./work.ts";
import { ranSchema } from "./up.ts";

export const downToOutput = defineOutput(
  "migrate.down-to",
  1,
  z.object({
    from: z.string().nullable().describe("Newest revision before"),
    to: z.string().describe("The revision asked for"),
    rolled_back: z.array(ranSchema).describe("Newest first"),
    skipped: z.array(z.string()),
    errors: z.array(z.string()),
    dry_run: z.boolean(),
    ...dryRunKeys,
    ...runReports,
  }),
);

export type DownToResult = z.infer<typeof downToOutput.schema>;

export interface DownToOptions extends LockOptions {
  readonly dryRun?: boolean | undefined;
  readonly onWork?: OnWork | undefined;
}

/** Roll back everything applied after `revision`, newest first; the errors are those of `down`. */
export async function downTo(
  target: Target,
  revision: string,
  options: DownToOptions = {},
): Promise<DownToResult> {
  let from: string | null = null;
  let to = revision;
  const { ran, ...reports } = await rollBack(
    target,
    { command: "confiture migrate down-to", ...options },
    (rows, files) => {
      const at = indexOf(rows, files, revision);
      from = rows.at(-1)?.version ?? null;
      to = rows[at]!.version;
      return rows.slice(at + 1).toReversed();
    },
  );
  return {
    from,
    to,
    rolled_back: ran,
    skipped: [],
    errors: [],
    ...reports,
    dry_run: options.dryRun ?? false,
  };
}

function indexOf(rows: readonly LedgerRow[], files: MigrationFiles, revision: string): number {
  const matches = (m: { version: string; name: string }) =>
    m.version === revision || `${m.version}_${m.name}` === revision;
  const at = rows.findIndex(matches);
  if (at !== -1) return at;
  const known = files.migrations.some(matches);
  throw new ConfitureError(
    "MIGR_100",
    `${revision} ${known ? "is not applied yet" : "is not a known migration"}`,
    {
      migration: revision,
      details: { applied: rows.map((row) => row.version).slice(-10) },
    },
  );
}
