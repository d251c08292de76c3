import { ConfitureError } from "./base/errors.ts";
import { type Log, silentLog } from "./base/log.ts";
import { camelCased, type CamelCased } from "./camel-case.ts";
import { requireUnprotected } from "./config/protection.ts";
import { resolveDatabase } from "./config/resolve.ts";
import { migrationSettingsOf, replicationOf, schemaInputOf, tunnelOf } from "./config/feature-settings.ts";
import { baseline, type BaselineOptions, type BaselineResult } from "./migrate/baseline.ts";
import { current } from "./migrate/current.ts";
import { NO_DRY_RUN } from "./migrate/dry-run.ts";
import { down, type DownOptions, type DownResult } from "./migrate/down.ts";
import { downTo, type DownToOptions } from "./migrate/down-to.ts";
import { isLocked, type LockHolder, readLockHolder } from "./migrate/lock/lock.ts";
import { reinit, type ReinitOptions, type ReinitResult } from "./migrate/reinit.ts";
import { status, type StatusOptions } from "./migrate/status.ts";
import type { Target } from "./migrate/target.ts";
import { up, type UpOptions, type UpResult } from "./migrate/up.ts";
import { verify, type VerifyOptions, type VerifyResult } from "./migrate/verify.ts";
import { openTunnel, throughTunnel } from "./pg/ssh-tunnel.ts";
import { currentHost, type Host } from "./scratch/host.ts";
import { startEmbedded } from "./scratch/embedded.ts";
import {
  type DownToAnswer,
  downToAnswer,
  type Revision,
  revisionOf,
  type StatusAnswer,
  statusAnswer,
  type UpAnswer,
  upAnswer,
} from "./session-answers.ts";
import { introspect, type IntrospectResult } from "./workflows/introspect.ts";
import { preflight, type PreflightOptions, type PreflightResult } from "./workflows/preflight.ts";
import { rebuild, type RebuildOptions, type RebuildResult } from "./workflows/rebuild.ts";

export interface MigratorOptions {
  /** Default `db/migrations`. */
  readonly migrationsDir?: string;
  /** Ledger table; default `tb_confiture`, or what the config file says. */
  readonly trackingTable?: string;
  /** For `${VAR}` in the config file and for PGPASSWORD and its like; nothing is read from the process by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly log?: Log;
}

/** The migrations of one database, for TypeScript callers; results are those of the CLI in camelCase. */
export interface MigratorSession extends AsyncDisposable {
  status(options?: StatusOptions): Promise<StatusAnswer>;
  /** Null when nothing is applied; throws PRECON_1001 without a ledger. */
  currentRevision(): Promise<Revision | null>;
  /** Never throws for a failed migration or a busy lock: `success` is false then, and `error` says why. */
  up(options?: UpOptions): Promise<UpAnswer>;
  down(options?: DownOptions): Promise<CamelCased<DownResult>>;
  downTo(revision: string, options?: DownToOptions): Promise<DownToAnswer>;
  baseline(options: BaselineOptions): Promise<CamelCased<BaselineResult>>;
  /** Throws CONFIG_008 where the config file says `protected: true`. */
  reinit(options?: ReinitOptions): Promise<CamelCased<ReinitResult>>;
  verify(options?: VerifyOptions): Promise<CamelCased<VerifyResult>>;
  preflight(options?: Partial<Omit<PreflightOptions, "target">>): Promise<CamelCased<PreflightResult>>;
  /** Whether a run holds the migration lock just now. */
  isLocked(): Promise<boolean>;
  /** Who holds the migration lock; null when nobody does. */
  lockHolder(): Promise<CamelCased<LockHolder> | null>;
  introspect(options?: { readonly snapshotsDir?: string }): Promise<CamelCased<IntrospectResult>>;
  /** Replaces everything in the database; throws unless `yes` is given. */
  rebuild(options?: Partial<RebuildOptions>): Promise<CamelCased<RebuildResult>>;
}

export const Migrator = {
  /**
   * A session for the database that a config file names; a tunnel it asks for is open until the session is disposed.
   * Throws CONFIG_001, CONFIG_002, CONFIG_004, CONFIG_006, CONFIG_008 or CONFIG_009.
   */
  async fromConfig(file: string, options: MigratorOptions = {}): Promise<MigratorSession> {
    const { environment = {} } = options;
    const resolved = await resolveDatabase({ config: file, cwd: ".", environment, command: "writes" });
    const { settings } = resolved;
    const { projectDir } = settings;
    const route = tunnelOf(resolved);
    const tunnel = route && (await openTunnel(route, { environment }));
    const named = resolved.embedded ? (await startEmbedded({ projectDir })).url : resolved.url!;
    const url = tunnel ? throughTunnel(named, tunnel.port, environment) : named;
    const target = targetOf(url, { ...migrationSettingsOf(settings), ...options });
    return sessionFor(target, {
      schema: schemaInputOf(settings),
      replication: replicationOf(settings),
      scratch: { url: settings.scratchUrl, projectDir, log: target.log },
      protect: (action) => requireUnprotected(settings, action),
      close: async () => tunnel?.[Symbol.asyncDispose](),
      protected: settings.protected,
    });
  },

  /** As `fromConfig`, for as long as `work` takes: for code that has no `await using`. */
  async withSession<T>(
    file: string,
    work: (session: MigratorSession) => Promise<T>,
    options?: MigratorOptions,
  ): Promise<T> {
    await using session = await Migrator.fromConfig(file, options);
    return await work(session);
  },

  /** A session for a connection string, without a config file. */
  fromUrl: (url: string, options: MigratorOptions = {}): MigratorSession =>
    sessionFor(targetOf(url, options), {
      schema: undefined,
      scratch: {},
      protect: () => {},
      protected: false,
    }),
};

const targetOf = (url: string, options: MigratorOptions & Partial<Target>): Target => ({
  ...options,
  url,
  client: clientOf(currentHost()),
  environment: options.environment ?? {},
  trackingTable: options.trackingTable ?? "tb_confiture",
  migrationsDir: options.migrationsDir ?? "db/migrations",
  log: options.log ?? silentLog,
});

const clientOf = ({ pid, name: hostname }: Host) => ({ pid, hostname });

interface Project extends Pick<PreflightOptions, "schema" | "scratch" | "replication"> {
  /** Refuses what would destroy data that the config file protects. */
  readonly protect: (action: string) => void;
  readonly protected: boolean;
  /** Gives up what was opened for the session. */
  readonly close?: () => Promise<void>;
}

const sessionFor = (
  target: Target,
  { protect, close, protected: isProtected, ...rehearsal }: Project,
): MigratorSession => ({
  status: async (options) => statusAnswer(await status(target, options)),
  currentRevision: async () => revisionOf(await current(target)),
  up: (options) => upOrError(target, options),
  down: async (options) => camelCased(await down(target, options)),
  downTo: async (revision, options) => downToAnswer(await downTo(target, revision, options)),
  baseline: async (options) => camelCased(await baseline(target, options)),
  async reinit(options) {
    if (!options?.dryRun) protect("reinit");
    return camelCased(await reinit(target, options));
  },
  verify: async (options) => camelCased(await verify(target, options)),
  preflight: async (options) =>
    camelCased(await preflight({ target, trackingUrl: target.url, ...rehearsal, ...options })),
  introspect: async (options) =>
    camelCased(await introspect(target, { scratch: rehearsal.scratch, ...options })),
  rebuild: async (options) => {
    const fixed = { ...rehearsal, protected: isProtected, now: new Date() };
    return camelCased(await rebuild(target, { ...fixed, ...options }));
  },
  isLocked: () => isLocked(target),
  lockHolder: async () => camelCased(await readLockHolder(target)),
  [Symbol.asyncDispose]: async () => close?.(),
});

const ANSWERED: ReadonlySet<string> = new Set([
  "HOOK_1100",
  "HOOK_1101",
  "LOCK_1300",
  "LOCK_1301",
  "MIGR_001",
  "MIGR_110",
  "PRECON_1000",
]);

async function upOrError(target: Target, options: UpOptions | undefined): Promise<UpAnswer> {
  try {
    return upAnswer(await up(target, options));
  } catch (error) {
    if (!(error instanceof ConfitureError) || !ANSWERED.has(error.code)) throw error;
    const { applied = [], pending = [] } = (error.context.details ?? {}) as Partial<
      Pick<UpResult, "applied" | "pending">
    >;
    return upAnswer({ ...NOTHING_DONE, success: false, applied, pending, errors: [error.message] }, error);
  }
}

const NOTHING_DONE: UpResult = {
  success: true,
  applied: [],
  skipped: [],
  skipped_superuser: [],
  repeatables: [],
  pending: [],
  irreversible_versions: [],
  errors: [],
  total_duration_ms: 0,
  checksums_verified: false,
  dry_run: false,
  dry_run_execute: false,
  ...NO_DRY_RUN,
  hooks: [],
  notifications: [],
  warnings: [],
};
