import type { EnvironmentFile } from "./environment-schema.ts";

/**
 * What the schema makes of an empty file. Written out, because a command without a config file
 * need not wait for the schema, which takes a tenth of such a command's time to make.
 */
export const DEFAULT_ENVIRONMENT: EnvironmentFile = {
  protected: false,
  exclude_dirs: [],
  superuser_dirs: [],
  superuser_post_dirs: [],
  build: {
    sort_mode: "alphabetical",
    two_pass: false,
    validate_comments: { enabled: true, fail_on_unclosed_blocks: true, fail_on_spillover: true },
    separators: { style: "block_comment" },
  },
  seed: {
    execution_mode: "concatenate",
    continue_on_error: false,
    transaction_mode: "savepoint",
    profiles: {},
  },
  migration: {
    tracking_table: "tb_confiture",
    repeatable_dir: "db/repeatable",
    base: "origin/main",
    strict_mode: false,
    locking: { enabled: true, timeout_ms: 30_000 },
    lock_retries: 10,
    view_helpers: "auto",
    migration_generators: {},
    snapshot_history: true,
    snapshots_dir: "db/schema_history",
    live_snapshot: false,
    rebuild_threshold: 5,
    allow_unsafe_under_replication: false,
  },
  scratch: {},
  drift: { ignore: [] },
  infrastructure: { replicas: [] },
  apply_as: {},
};
