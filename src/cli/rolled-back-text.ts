import type { Ran } from "../migrate/job.ts";

/** What a rollback did, for people; what ran was told line by line while it ran. */
export function rolledBackText(result: {
  readonly rolled_back: readonly Ran[];
  readonly dry_run: boolean;
}): string {
  if (result.rolled_back.length === 0) return "Nothing to roll back.";
  if (!result.dry_run) return `Rolled back ${result.rolled_back.length} migration(s).`;
  return result.rolled_back.map((ran) => `would roll back ${ran.version} ${ran.name}`).join("\n");
}
