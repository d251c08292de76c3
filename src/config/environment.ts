import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { hooksOf, notificationsOf } from "./automation.ts";
import type { DeadKey } from "./dead-keys.ts";
import { DEFAULT_ENVIRONMENT } from "./default-environment.ts";
import type { EnvironmentFile } from "./environment-schema.ts";

const DEFAULT_SCHEMA_DIR = "db/schema";

/** One place where DDL files are looked for. */
export interface IncludeDir {
  /** As written: relative to the project, or absolute. */
  readonly path: string;
  readonly recursive: boolean;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Skip it silently when it is missing; false means that its absence is an error. */
  readonly autoDiscover: boolean;
  readonly order: number;
}

/** What commands get from a config file: checked, with defaults filled in. */
export interface Settings {
  /** The file's name without extension; `local` without a file. */
  readonly environment: string;
  /** The config file as the user knows it; absent when the settings are the defaults. */
  readonly file: string | undefined;
  /** Absolute; what relative directories start from. */
  readonly projectDir: string;
  /** From `database_url` or `database`; absent when embedded, when none is given, or when another source won. */
  readonly databaseUrl: string | undefined;
  /** `database_url: embedded`. */
  readonly embedded: boolean;
  readonly protected: boolean;
  readonly includeDirs: readonly IncludeDir[];
  /** As written: relative to the project, or absolute. */
  readonly excludeDirs: readonly string[];
  readonly build: {
    readonly sortMode: "alphabetical" | "hex";
    readonly twoPass: boolean;
    /** An unterminated comment, string or quote is an error rather than a warning. */
    readonly failOnUnclosed: boolean;
    readonly separator: {
      readonly style: "block_comment" | "line_comment" | "custom";
      readonly template: string | undefined;
    };
  };
  readonly migration: {
    readonly trackingTable: string;
    /** Absolute. */
    readonly repeatableDir: string;
    /** Undefined: where `migrations.sum` is there. */
    readonly linear: boolean | undefined;
    /** Ref of git. */
    readonly base: string;
    readonly strictMode: boolean;
    /** The migration lock, as `--no-lock` and `--lock-timeout` mean it. */
    readonly locking: { readonly enabled: boolean; readonly timeoutMs: number };
    /** PostgreSQL's `lock_timeout` for the statements of a migration. */
    readonly lockTimeoutMs: number | undefined;
    /** How often a migration that ran into it is tried again. */
    readonly lockRetries: number;
    /** PostgreSQL's `statement_timeout` for the statements of a migration. */
    readonly statementTimeoutMs: number | undefined;
    /** When the view helpers are installed: by `up` as needed, by hand, or never. */
    readonly viewHelpers: "auto" | "manual" | "off";
    /** External generators of migrations, by name. */
    readonly generators: Readonly<Record<string, { readonly command: string; readonly description: string }>>;
    /** `migrate generate` keeps what the DDL files say. */
    readonly snapshotHistory: boolean;
    /** As written: relative to the project, or absolute. */
    readonly snapshotsDir: string;
    /** Absolute. */
    readonly grantDir: string;
    /** Pending migrations from which `migrate status --check-rebuild` advises a rebuild. */
    readonly rebuildThreshold: number;
    /** Findings about replicas are warnings even where there are some. */
    readonly allowUnsafeUnderReplication: boolean;
  };
  /** Names of the databases that follow this one. */
  readonly replicas: readonly string[];
  readonly scratchUrl: string | undefined;
  /** Patterns on differences that `drift` only counts. */
  readonly driftIgnore: readonly string[];
  readonly hooks: ReturnType<typeof hooksOf> | undefined;
  readonly notifications: ReturnType<typeof notificationsOf> | undefined;
  /** Keys the file gives that change nothing; to be warned about. */
  readonly deadKeys: readonly DeadKey[];
  /** Every key, as the file's schema has it. */
  readonly raw: EnvironmentFile;
}

/** Where a file stands and what it is called. */
export interface Place {
  readonly environment: string;
  readonly projectDir: string;
  readonly file?: string | undefined;
  /** Absolute folder of the file. */
  readonly fileDir?: string | undefined;
  readonly deadKeys?: readonly DeadKey[];
}

/** The settings of a project that has no config file. */
export const defaultSettings = (projectDir: string): Settings =>
  toSettings(DEFAULT_ENVIRONMENT, { environment: "local", projectDir });

export function toSettings(raw: EnvironmentFile, place: Place): Settings {
  const { projectDir } = place;
  const embedded = raw.database_url === "embedded";
  return {
    environment: place.environment,
    file: place.file,
    projectDir,
    databaseUrl: embedded ? undefined : (raw.database_url ?? blockUrl(raw.database)),
    embedded,
    protected: raw.protected,
    includeDirs: includeDirsOf(raw, projectDir),
    excludeDirs: raw.exclude_dirs,
    build: buildOf(raw.build),
    migration: migrationOf(raw.migration, place),
    replicas: raw.infrastructure.replicas,
    scratchUrl: raw.scratch.url,
    driftIgnore: raw.drift.ignore,
    hooks: raw.hooks && hooksOf(raw.hooks),
    notifications: raw.notifications && notificationsOf(raw.notifications, place.environment),
    deadKeys: place.deadKeys ?? [],
    raw,
  };
}

function includeDirsOf(raw: EnvironmentFile, projectDir: string): IncludeDir[] {
  const whole = { recursive: true, include: ["**/*.sql"], exclude: [], autoDiscover: false, order: 0 };
  if (raw.include_dirs === undefined) {
    return existsSync(resolve(projectDir, DEFAULT_SCHEMA_DIR))
      ? [{ path: DEFAULT_SCHEMA_DIR, ...whole }]
      : [];
  }
  return raw.include_dirs.map((dir) => {
    if (typeof dir === "string") return { path: dir, ...whole };
    const { auto_discover: autoDiscover, ...rest } = dir;
    return { autoDiscover, ...rest };
  });
}

const buildOf = ({ sort_mode, two_pass, validate_comments, separators }: EnvironmentFile["build"]) => ({
  sortMode: sort_mode,
  twoPass: two_pass,
  failOnUnclosed: validate_comments.enabled && validate_comments.fail_on_unclosed_blocks,
  separator: { style: separators.style, template: separators.custom_template ?? undefined },
});

/** A `grant_dir` that is written starts at the config file's folder, the default at the project's. */
const migrationOf = (
  migration: EnvironmentFile["migration"],
  { projectDir, fileDir = projectDir }: Place,
) => ({
  trackingTable: migration.tracking_table,
  repeatableDir: resolve(projectDir, migration.repeatable_dir),
  linear: migration.linear,
  base: migration.base,
  strictMode: migration.strict_mode,
  locking: { enabled: migration.locking.enabled, timeoutMs: migration.locking.timeout_ms },
  lockTimeoutMs: migration.lock_timeout,
  lockRetries: migration.lock_retries,
  statementTimeoutMs: migration.statement_timeout,
  rebuildThreshold: migration.rebuild_threshold,
  allowUnsafeUnderReplication: migration.allow_unsafe_under_replication,
  viewHelpers: migration.view_helpers,
  generators: migration.migration_generators,
  snapshotHistory: migration.snapshot_history,
  snapshotsDir: migration.snapshots_dir,
  grantDir:
    migration.grant_dir === undefined
      ? resolve(projectDir, "db/7_grant")
      : resolve(fileDir, migration.grant_dir),
});

/** The `database` block as a URL; every part is percent-encoded. */
function blockUrl(block: EnvironmentFile["database"]): string | undefined {
  if (block === undefined) return undefined;
  const { host, port, database, user, password } = block;
  const name = host.includes(":") ? `[${host}]` : encodeURIComponent(host);
  const secret = password === "" ? "" : `:${encodeURIComponent(password)}`;
  return `postgresql://${encodeURIComponent(user)}${secret}@${name}:${port}/${encodeURIComponent(database)}`;
}

/** The project of a config file: the folder above `db/environments/`, else the current one. */
export function projectDirOf(file: string, cwd: string): string {
  const environments = dirname(file);
  const project = resolve(environments, "../..");
  return environments === resolve(project, "db/environments") ? project : cwd;
}
