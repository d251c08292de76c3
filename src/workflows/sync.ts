import { ConfitureError } from "../base/errors.ts";
import { type LockOptions, takeMigrationLock } from "../migrate/lock/lock.ts";
import type { Target } from "../migrate/target.ts";
import { sync as copy, type SyncRequest } from "../sync/sync.ts";
import type { SyncResult } from "../sync/manifest.ts";

export interface SyncOptions extends LockOptions {
  /** The target's config file says that it is not to be destroyed. */
  readonly protected: boolean;
  /** Every column has a rule, or `allowPlaintext` says that the rest may go as it is. */
  readonly isAnonymized: boolean;
}

/**
 * Copy tables under the target's migration lock, so that no migration changes them meanwhile. Throws SYNC_001 for a
 * protected target and for a verbatim copy that nobody allowed, LOCK_1300 while another run holds the lock, else as
 * `sync` of the feature.
 */
export async function sync(target: Target, request: SyncRequest, options: SyncOptions): Promise<SyncResult> {
  refuseUnwanted(request, options);
  await using lock = await takeMigrationLock(target, { ...options, command: "confiture sync" });
  const result = await copy(request);
  lock.assertHeld();
  return result;
}

/** Throws SYNC_001. */
export function refuseUnwanted(request: SyncRequest, options: SyncOptions): void {
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
