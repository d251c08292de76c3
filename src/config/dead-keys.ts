import type { Path } from "../base/key-path.ts";

/** A key that is understood but changes nothing. */
export interface DeadKey {
  readonly key: string;
  readonly line: number;
  readonly reason: string;
}

const NOT_YET = "no command of this version reads it";

/** Keys of the schema that change nothing, and why. */
export const DEAD_KEYS: Readonly<Record<string, string>> = {
  "acls.lint_enabled": "the DDL files are not checked; `drift --check-acls` looks at a database",
  auto_backup: "nothing is backed up before a migration; back up before you deploy",
  "build.lint": "`build` does not lint",
  "build.validate_comments.fail_on_spillover":
    "what reaches the next file is what was left open: `fail_on_unclosed_blocks` decides",
  function_coverage: NOT_YET,
  "migration.grant_dir": NOT_YET,
  "migration.live_snapshot": "a snapshot is built from the DDL files, never taken from a database",
  "ownership.bootstrap_connection_url": NOT_YET,
  "ownership.default_privileges": NOT_YET,
  "ownership.lint_enabled": "the DDL files are not checked; `drift --check-ownership` looks at a database",
  pggit: "pgGit is not supported",
  require_confirmation: "commands do not stop to ask; `protected: true` guards a database",
  security_lint: NOT_YET,
  seed: NOT_YET,
  superuser_dirs: NOT_YET,
  superuser_post_dirs: NOT_YET,
};

/** The dead keys that a file gives, and those that are dead only there: another name, a second connection. */
export function findDeadKeys(
  value: Readonly<Record<string, unknown>>,
  environment: string,
  lineOf: (path: Path) => number,
): DeadKey[] {
  const found = Object.entries(DEAD_KEYS).filter(([key]) => isGiven(value, key.split(".")));
  if (value["name"] !== undefined && value["name"] !== environment) {
    found.push(["name", `the environment is called ${environment}, after its file`]);
  }
  if (value["database_url"] !== undefined && value["database"] !== undefined) {
    found.push(["database", "database_url is given too, and wins"]);
  }
  return found
    .map(([key, reason]) => ({ key, line: lineOf(key.split(".")), reason }))
    .toSorted((a, b) => a.line - b.line);
}

/** Given with something in it; `acls: []` asks for nothing. */
function isGiven(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return !isEmpty(value);
  return typeof value === "object" && value !== null && isGiven(Reflect.get(value, key), rest);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
