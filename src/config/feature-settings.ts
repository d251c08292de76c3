import type { Settings } from "./environment.ts";

/** Where a project's DDL files lie, in the words of `build`; undefined when it has none. */
export const schemaInputOf = ({ projectDir, includeDirs, excludeDirs, build }: Settings) =>
  includeDirs.length === 0 ? undefined : { projectDir, includeDirs, excludeDirs, sortMode: build.sortMode };

/** What a config file says of migrations, in the words of `migrate`. */
export const migrationSettingsOf = ({ migration }: Settings) => ({
  trackingTable: migration.trackingTable,
  locking: migration.locking,
  strict: migration.strictMode,
  lockTimeoutMs: migration.lockTimeoutMs,
  statementTimeoutMs: migration.statementTimeoutMs,
  viewHelpers: migration.viewHelpers,
});
