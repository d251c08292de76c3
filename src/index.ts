export { ConfitureError, ERROR_CODES, type ErrorCode } from "./base/errors.ts";
export type { Issue } from "./base/issue.ts";
export { type Log, silentLog } from "./base/log.ts";
export { build, type BuildOptions, type BuildResult } from "./build/build.ts";
export { type Change, changeText } from "./diff/change.ts";
export { compare } from "./diff/compare.ts";
export { applyAs, type ApplyAsOptions, type ApplyAsResult } from "./migrate/apply-as.ts";
export { baseline, type BaselineOptions, type BaselineResult } from "./migrate/baseline.ts";
export { current, type CurrentResult } from "./migrate/current.ts";
export { defineMigration, type MigrationModule } from "./migrate/modules/define-migration.ts";
export { down, type DownOptions, type DownResult } from "./migrate/down.ts";
export { downTo, type DownToOptions, type DownToResult } from "./migrate/down-to.ts";
export type { ExternalGenerator } from "./migrate/external-generator.ts";
export { generate, type GenerateOptions, type GenerateResult } from "./migrate/generate.ts";
export { importMigrations, type ImportOptions, type ImportResult } from "./migrate/import.ts";
export { reinit, type ReinitOptions, type ReinitResult } from "./migrate/reinit.ts";
export { isLocked, type LockHolder, readLockHolder } from "./migrate/lock/lock.ts";
export type {
  HookContext,
  HookDatabase,
  HookEvent,
  HookFunction,
  HooksConfig,
} from "./migrate/hooks/hook.ts";
export type { NotificationsConfig, RunSummary } from "./migrate/notifications/notification.ts";
export type { MigrationClient } from "./migrate/modules/migration-client.ts";
export { status, type StatusOptions, type StatusResult } from "./migrate/status.ts";
export type { Target } from "./migrate/target.ts";
export { up, type UpOptions, type UpResult } from "./migrate/up.ts";
export { validate, type ValidateOptions, type ValidateResult } from "./migrate/validate.ts";
export { verify, type VerifyOptions, type VerifyResult } from "./migrate/verify.ts";
export {
  verifyAllChecksums,
  type VerifyChecksumsOptions,
  type VerifyChecksumsResult,
} from "./migrate/verify-checksums.ts";
export {
  installHelpers,
  type InstallHelpersOptions,
  type InstallHelpersResult,
} from "./migrate/view-helpers/view-helpers.ts";
export { Migrator, type MigratorOptions, type MigratorSession } from "./migrator.ts";
export { Connection, type Server } from "./pg/connection.ts";
export { readSnapshot, type Snapshot } from "./schema/snapshot.ts";
export {
  openScratch,
  type ScratchDatabase,
  type ScratchOptions,
  type ScratchServer,
} from "./scratch/scratch.ts";
export type { SyncCheckResult } from "./sync/check.ts";
export { type MasterKey, masterKey } from "./sync/keyed/master-key.ts";
export type { SyncResult } from "./sync/manifest.ts";
export type { SyncPlanResult } from "./sync/plan-result.ts";
export { type InitOptions, initRules } from "./sync/propose/init-rules.ts";
export { type Proposal, type ProposalOptions, proposeRules, type SyncInitResult } from "./sync/propose.ts";
export { parseRules, type Rules } from "./sync/rules-file.ts";
export type { Selection } from "./sync/selection.ts";
export type { Progress, SyncRequest, SyncSide } from "./sync/sync.ts";
export { type SyncVerifyResult, verifyCopy, type VerifyRequest } from "./sync/verify.ts";
export type { DownToAnswer, Revision, StatusAnswer, UpAnswer } from "./session-answers.ts";
export { type CheckedSide, checkRulesFile } from "./workflows/check-rules.ts";
export {
  type DatabaseDescription,
  describeDatabase,
  type DescriptionOptions,
} from "./workflows/describe-database.ts";
export { diff, type DiffResult } from "./workflows/diff.ts";
export { drift, type DriftOptions, type DriftResult } from "./workflows/drift.ts";
export { exportSchema, type ExportOptions, type ExportResult } from "./workflows/export/export-schema.ts";
export { generateWithSnapshot, type SnapshotRequest } from "./workflows/generate.ts";
export { introspect, type IntrospectOptions, type IntrospectResult } from "./workflows/introspect.ts";
export { preflight, type PreflightOptions, type PreflightResult } from "./workflows/preflight.ts";
export { rebuild, type RebuildOptions, type RebuildResult } from "./workflows/rebuild.ts";
export { configuredSide } from "./workflows/sides/ddl-side.ts";
export { liveSide } from "./workflows/sides/live-side.ts";
export { openSides, type Sides, type SidesOptions } from "./workflows/sides/open-sides.ts";
export { parseSide } from "./workflows/sides/parse-side.ts";
export type { OpenSide, Side, SideContext } from "./workflows/sides/side.ts";
export { squash, type SquashOptions, type SquashResult } from "./workflows/squash.ts";
export { sync, type SyncOptions, syncPlan, type SyncSafety } from "./workflows/sync.ts";
export { upWithBaseline } from "./workflows/up-with-baseline.ts";
