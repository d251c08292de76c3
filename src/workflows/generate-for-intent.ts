import { previewVersion, reserveVersion } from "../coordinate/reserve-version.ts";
import { freeVersion, generate, type GenerateOptions, type GenerateResult } from "../migrate/generate.ts";
import type { Connection } from "../pg/connection.ts";
import { generateWithSnapshot, type SnapshotRequest } from "./generate.ts";

/** The intent that a migration is written for, and the database that knows of it. */
export interface IntentRequest {
  readonly db: Connection;
  readonly intentId: string;
}

/**
 * As `generateWithSnapshot`, with a version that is reserved for an intent, so that no other agent gets it in a folder
 * of its own. Throws what `generate` and `reserveVersion` throw; what is wrong with the call costs no version.
 */
export async function generateForIntent(
  options: GenerateOptions,
  snapshot: SnapshotRequest | undefined,
  { db, intentId }: IntentRequest,
): Promise<GenerateResult> {
  await generate({ ...options, dryRun: true });
  const choose = (reserved: readonly string[]) => freeVersion(options, reserved);
  const version = await (options.dryRun ? previewVersion : reserveVersion)(db, intentId, choose);
  return await generateWithSnapshot({ ...options, version }, snapshot);
}
