import { ConfitureError } from "../base/errors.ts";
import { type LockOptions, takeMigrationLock } from "../migrate/lock/lock.ts";
import type { Target } from "../migrate/target.ts";
import type { SyncResult } from "../sync/manifest.ts";
import type { SyncPlanResult } from "../sync/plan-result.ts";
import { sync as copy, syncPlan as planCopy, type SyncRequest } from "../sync/sync.ts";
import { refuseOtherStructure } from "./sync-structure.ts";

/** What must hold before a sync looks at any table. */
export interface SyncSafety {
  /** The target's config file says that it is not to be destroyed. */
  readonly protected: boolean;
  /** Every column has a rule, or `allowPlaintext` says that the rest may go as it is. */
  readonly isAnonymized: boolean;
  /** The copied tables must have the same structure on both sides. */
  readonly schemaCheck?: boolean | undefined;
}

export type SyncOptions = LockOptions & SyncSafety;

/**
 * Copy tables under the target's migration lock, so that no migration changes them meanwhile. Throws SYNC_001 for a
 * protected target and for a verbatim copy that nobody allowed, LOCK_1300 while another run holds the lock, with
 * `schemaCheck` SYNC_301 for any difference and DIFFER_401 for servers of two major versions, else as `sync` of the
 * feature.
 */
export async function sync(target: Target, request: SyncRequest, options: SyncOptions): Promise<SyncResult> {
  refuseUnwanted(request, options);
  await using lock = await takeMigrationLock(target, { ...options, command: "confiture sync" });
  const result = await copy(withCheck(request, options));
  lock.assertHeld();
  return result;
}

/** What `sync` would do, without a lock or any other trace. Throws as `sync`, as far as it does not need to copy. */
export async function syncPlan(request: SyncRequest, options: SyncSafety): Promise<SyncPlanResult> {
  refuseUnwanted(request, options);
  return planCopy(withCheck(request, options));
}

const withCheck = (request: SyncRequest, { schemaCheck }: SyncSafety): SyncRequest =>
  schemaCheck === true ? { ...request, checkTables: refuseOtherStructure } : request;

/** Throws SYNC_001. */
function refuseUnwanted(request: SyncRequest, options: SyncSafety): void {
  if (options.protected) {
    throw new ConfitureError("SYNC_001", `${request.target.name} is marked protected: true`, {
      actionable: "Name another target with --to.",
    });
  }
  if (options.isAnonymized || request.allowPlaintext) return;
  throw new ConfitureError("SYNC_001", "without --anonymize the rows would be copied as they are", {
    actionable: "Add --anonymize to replace personal data, or --allow-plaintext if that is meant.",
  });
}
