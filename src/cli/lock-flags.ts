import * as z from "zod";
import type { LockOptions } from "../migrate/lock/lock.ts";

/** Flags of every command that takes the migration lock. */
export const lockFlags = {
  lockTimeout: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe("Milliseconds to wait for another run; default 30000"),
  noLock: z.boolean().optional().describe("Go on without the migration lock (dangerous)"),
};

export const lockOptions = (flags: {
  lockTimeout?: number | undefined;
  noLock?: boolean | undefined;
}): LockOptions => ({
  lockTimeoutMs: flags.lockTimeout,
  noLock: flags.noLock,
});
