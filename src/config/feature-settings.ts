import type { Settings } from "./environment.ts";

/** Where a project's DDL files lie, in the words of `build`; undefined when it has none. */
export const schemaInputOf = ({ projectDir, includeDirs, excludeDirs, build }: Settings) =>
  includeDirs.length === 0 ? undefined : { projectDir, includeDirs, excludeDirs, sortMode: build.sortMode };

/** What a config file says of migrations, in the words of `migrate`. */
export const migrationSettingsOf = ({ migration, hooks, notifications, projectDir }: Settings) => ({
  trackingTable: migration.trackingTable,
  repeatableDir: migration.repeatableDir,
  locking: migration.locking,
  strict: migration.strictMode,
  limits: {
    lockTimeoutMs: migration.lockTimeoutMs,
    lockRetries: migration.lockRetries,
    statementTimeoutMs: migration.statementTimeoutMs,
  },
  viewHelpers: migration.viewHelpers,
  hooks,
  notifications,
  projectDir,
});

/** What a config file says of replicas, in the words of `preflight`. */
export const replicationOf = ({ replicas, migration }: Settings) => ({
  replicas,
  allowUnsafe: migration.allowUnsafeUnderReplication,
});
