import { ConfitureError } from "../base/errors.ts";
import { resolveSettings } from "../config/resolve.ts";
import type { ScratchOptions } from "../scratch/scratch.ts";
import type { Context } from "./command.ts";
import { databaseFlags, warnOfDeadKeys } from "./database.ts";
import { scratchFlags, scratchOptionsOf } from "./scratch-flags.ts";

const { databaseUrl: _, ...configFlags } = databaseFlags;

/** Flags of the `coordinate sandbox` commands: a sandbox is on the server of scratch databases. */
export const sandboxFlags = { ...configFlags, ...scratchFlags };

interface SandboxOptions {
  readonly config?: string | undefined;
  readonly env?: string | undefined;
  readonly noConfig?: boolean | undefined;
  readonly scratchUrl?: string | undefined;
}

/** The settings of the project, and the server that its sandboxes are on; throws as `resolveSettings`. */
export async function sandboxPlace(context: Context, given: SandboxOptions) {
  const { config, env, noConfig } = given;
  const { cwd, environment } = context;
  const settings = await resolveSettings({ config, env, noConfig, cwd, environment });
  warnOfDeadKeys(context, settings);
  return { settings, scratch: scratchOptionsOf(context, given, settings) satisfies ScratchOptions };
}

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  s: 1000,
  min: 60_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
/** A local server that nobody used for so long is removed with all that is on it. */
const MAX_TTL_MS = 30 * MS_PER_UNIT["d"]!;

/** Milliseconds, from `90s`, `30min`, `8h` or `2d`; throws CONFIG_008. */
export function ttlMsOf(text: string): number {
  const [, count = "", unit = ""] = /^([1-9]\d*)\s*(s|min|m|h|d)$/.exec(text.trim()) ?? [];
  const ms = Number(count) * (MS_PER_UNIT[unit] ?? 0);
  if (ms > 0 && ms <= MAX_TTL_MS) return ms;
  throw new ConfitureError("CONFIG_008", `--ttl: ${text} is no time up to 30 days, like 30min, 8h or 2d`);
}

/**
 * Drop the sandboxes of an intent that has ended, and say so. The intent has ended all the same where their server
 * cannot be reached: their time is over by itself.
 */
export async function dropWithIntent(
  context: Context,
  given: SandboxOptions,
  intentId: string,
): Promise<void> {
  const { dropSandboxesOf } = await import("../coordinate/sandbox/sandboxes.ts");
  try {
    const { scratch } = await sandboxPlace(context, given);
    for (const name of await dropSandboxesOf(intentId, scratch))
      context.log.info(`dropped the sandbox ${name}`);
  } catch (error) {
    if (!(error instanceof ConfitureError)) throw error;
    context.log.warn(`its sandboxes are not dropped, and go when their time is over: ${error.message}`);
  }
}
