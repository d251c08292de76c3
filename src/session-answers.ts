import type { ConfitureError } from "./base/errors.ts";
import { camelCased, type CamelCased } from "./camel-case.ts";
import type { CurrentResult } from "./migrate/current.ts";
import type { DownToResult } from "./migrate/down-to.ts";
import type { StatusResult } from "./migrate/status.ts";
import type { UpResult } from "./migrate/up.ts";

type MigrationState = CamelCased<StatusResult>["migrations"][number];

/** What `status` of a session answers. */
export type StatusAnswer = CamelCased<StatusResult> & {
  readonly hasPending: boolean;
  readonly trackingTableExists: boolean;
  /** What is known of a version; undefined when neither a file nor the ledger has it. */
  getMigration(version: string): MigrationState | undefined;
  getStatus(version: string): MigrationState["status"] | undefined;
};

export function statusAnswer(result: StatusResult): StatusAnswer {
  const answer = camelCased(result);
  const getMigration = (version: string) => answer.migrations.find((m) => m.version === version);
  return {
    ...answer,
    hasPending: answer.pending.length > 0,
    trackingTableExists: answer.resolvedTable !== null,
    getMigration,
    getStatus: (version) => getMigration(version)?.status,
  };
}

/** What `up` of a session answers, also when a migration failed. */
export type UpAnswer = CamelCased<UpResult> & {
  /** Why it stopped; undefined when it did not, or when it stopped before a migration for a reason the result has. */
  readonly error: ConfitureError | undefined;
  readonly hasErrors: boolean;
  /** All errors in one line; null when there are none. */
  readonly errorSummary: string | null;
  /** What was applied under this version; undefined when nothing was. */
  byVersion(version: string): CamelCased<UpResult>["applied"][number] | undefined;
};

export function upAnswer(result: UpResult, error?: ConfitureError): UpAnswer {
  const answer = camelCased(result);
  return {
    ...answer,
    error,
    hasErrors: answer.errors.length > 0,
    errorSummary: answer.errors.length > 0 ? answer.errors.join("; ") : null,
    byVersion: (version) => answer.applied.find((m) => m.version === version),
  };
}

/** What `downTo` of a session answers. */
export type DownToAnswer = CamelCased<DownToResult> & {
  /** The revision was the newest already. */
  readonly noop: boolean;
};

export function downToAnswer(result: DownToResult): DownToAnswer {
  const answer = camelCased(result);
  return { ...answer, noop: answer.rolledBack.length === 0 };
}

/** The newest applied migration. */
export interface Revision {
  readonly version: string;
  readonly name: string | null;
  readonly appliedAt: string | null;
  readonly checksum: string | null;
}

export const revisionOf = ({ revision, name, applied_at, checksum }: CurrentResult): Revision | null =>
  revision === null ? null : { version: revision, name, appliedAt: applied_at, checksum };
