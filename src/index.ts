export { ConfitureError, ERROR_CODES, type ErrorCode } from "./base/errors.ts";
export type { Issue } from "./base/issue.ts";
export { type Log, silentLog } from "./base/log.ts";
export { build, type BuildOptions, type BuildResult } from "./build/build.ts";
export { type Change, changeText } from "./diff/change.ts";
export { compare } from "./diff/compare.ts";
export { baseline, type BaselineOptions, type BaselineResult } from "./migrate/baseline.ts";
export { current, type CurrentResult } from "./migrate/current.ts";
export { down, type DownOptions, type DownResult } from "./migrate/down.ts";
export { downTo, type DownToOptions, type DownToResult } from "./migrate/down-to.ts";
export { generate, type GenerateOptions, type GenerateResult } from "./migrate/generate.ts";
export { importMigrations, type ImportOptions, type ImportResult } from "./migrate/import.ts";
export { status, type StatusResult } from "./migrate/status.ts";
export type { Target } from "./migrate/target.ts";
export { up, type UpOptions, type UpResult } from "./migrate/up.ts";
export { Migrator, type MigratorOptions, type MigratorSession, type UpAnswer } from "./migrator.ts";
export { Connection, type Server } from "./pg/connection.ts";
export { readSnapshot, type Snapshot } from "./schema/snapshot.ts";
export {
  openScratch,
  type ScratchDatabase,
  type ScratchOptions,
  type ScratchServer,
} from "./scratch/scratch.ts";
export { preflight, type PreflightOptions, type PreflightResult } from "./workflows/preflight.ts";
