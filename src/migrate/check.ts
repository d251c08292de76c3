import type { Issue } from "../base/issue.ts";
import type { MigrationFiles } from "./files.ts";

/** What a check is given. */
export interface CheckInput {
  readonly files: MigrationFiles;
}

/** One question `migrate validate` asks of a project, without a database. */
export interface Check {
  /** The word the user types; also the file's name. */
  readonly name: string;
  /** One line for `--list-checks`. */
  readonly summary: string;
  /** Errors say no; warnings do only where they are asked to. */
  run(input: CheckInput): readonly Issue[] | Promise<readonly Issue[]>;
}

export const defineCheck = (check: Check): Check => check;

/** Run checks in their order; all of them, whatever the first ones find. */
export async function runChecks(
  checks: readonly Check[],
  input: CheckInput,
): Promise<(readonly [name: string, findings: readonly Issue[]])[]> {
  const found: (readonly [string, readonly Issue[]])[] = [];
  for (const check of checks) found.push([check.name, await check.run(input)]);
  return found;
}
