export { ConfitureError, ERROR_CODES, type ErrorCode } from "./base/errors.ts";
export type { Issue } from "./base/issue.ts";
export { type Log, silentLog } from "./base/log.ts";
export { build, type BuildOptions, type BuildResult } from "./build/build.ts";
export { abandon as abandonIntent, type AbandonResult } from "./coordinate/abandon.ts";
export { check as checkIntent, type CheckResult } from "./coordinate/check.ts";
export { claim as claimObjects, type ClaimOptions, type ClaimResult } from "./coordinate/claim.ts";
export { claims as listClaims, type ClaimsOptions, type ClaimsResult } from "./coordinate/claims.ts";
export type { Claim } from "./coordinate/claims/claim-row.ts";
export { complete as completeIntent, type CompleteOptions } from "./coordinate/complete.ts";
export { conflicts as intentConflicts, type ConflictsResult } from "./coordinate/conflicts.ts";
export { footprintOf } from "./coordinate/footprint/footprint.ts";
export type { Footprint, Touch } from "./coordinate/footprint/touch.ts";
export { heartbeat as renewIntent, type HeartbeatOptions } from "./coordinate/heartbeat.ts";
export { history as intentHistory, type HistoryOptions, type HistoryResult } from "./coordinate/history.ts";
export { init as initCoordination, type InitResult } from "./coordinate/init.ts";
export type { Conflict } from "./coordinate/intents/conflict.ts";
export type { Intent } from "./coordinate/intents/intent.ts";
export type { Judge } from "./coordinate/intents/meetings.ts";
export type { Registration } from "./coordinate/intents/registration.ts";
export { listIntents, type ListIntentsOptions, type ListIntentsResult } from "./coordinate/list-intents.ts";
export { merge as mergeIntent, type MergeOptions } from "./coordinate/merge.ts";
export { register as registerIntent, type RegisterResult } from "./coordinate/register.ts";
export { type ChooseVersion, reserveVersion } from "./coordinate/reserve-version.ts";
export { release as releaseObjects, type ReleaseOptions, type ReleaseResult } from "./coordinate/release.ts";
export { resolve as resolveConflict, type ResolveOptions, type ResolveResult } from "./coordinate/resolve.ts";
export { start as startIntent } from "./coordinate/start.ts";
export {
  type IntentStatus,
  overview as intentOverview,
  type Overview,
  statusOf as intentStatus,
} from "./coordinate/status.ts";
export { judge } from "./coordinate/verdict/judge.ts";
export type { OrderProof } from "./coordinate/verdict/order-proof.ts";
export { steal as stealClaim, type StealOptions, type StealResult } from "./coordinate/steal.ts";
export type { Clash, Verdict } from "./coordinate/verdict/verdict.ts";
export {
  watch as watchIntents,
  type WatchChange,
  type WatchEnd,
  type WatchOptions,
} from "./coordinate/watch.ts";
export {
  dropSandbox,
  dropSandboxesOf,
  listSandboxes,
  type SandboxRequest,
  sandboxUrl,
} from "./coordinate/sandbox/sandboxes.ts";
export type { Sandbox } from "./coordinate/sandbox/sandbox.ts";
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
  type Change as IntendedChange,
  changeOfTexts,
  type ChangeWords,
  readChange,
} from "./workflows/coordinate/change.ts";
export { prove as proveChanges, type ProveRequest, type ProveResult } from "./workflows/coordinate/prove.ts";
export {
  type ChangeRequest,
  checkChange,
  checkProven,
  registerChange,
} from "./workflows/coordinate/register.ts";
export {
  type DatabaseDescription,
  describeDatabase,
  type DescriptionOptions,
} from "./workflows/describe-database.ts";
export { diff, type DiffResult } from "./workflows/diff.ts";
export { drift, type DriftOptions, type DriftResult } from "./workflows/drift.ts";
export { exportSchema, type ExportOptions, type ExportResult } from "./workflows/export/export-schema.ts";
export { generateForIntent, type IntentRequest } from "./workflows/generate-for-intent.ts";
export { generateWithSnapshot, type SnapshotRequest } from "./workflows/generate.ts";
export { introspect, type IntrospectOptions, type IntrospectResult } from "./workflows/introspect.ts";
export { rebase, type RebaseOptions, type RebaseResult } from "./workflows/linear/rebase.ts";
export { preflight, type PreflightOptions, type PreflightResult } from "./workflows/preflight.ts";
export { rebuild, type RebuildOptions, type RebuildResult } from "./workflows/rebuild.ts";
export { createSandbox, type SandboxSource } from "./workflows/sandbox.ts";
export { configuredSide } from "./workflows/sides/ddl-side.ts";
export { liveSide } from "./workflows/sides/live-side.ts";
export { openSides, type Sides, type SidesOptions } from "./workflows/sides/open-sides.ts";
export { parseSide } from "./workflows/sides/parse-side.ts";
export type { OpenSide, Side, SideContext } from "./workflows/sides/side.ts";
export { squash, type SquashOptions, type SquashResult } from "./workflows/squash.ts";
export { sync, type SyncOptions, syncPlan, type SyncSafety } from "./workflows/sync.ts";
export { upWithBaseline } from "./workflows/up-with-baseline.ts";
export { upWithIntent } from "./workflows/up-with-intent.ts";
