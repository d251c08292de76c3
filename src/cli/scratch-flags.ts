import * as z from "zod";
import type { Settings } from "../config/environment.ts";
import type { ScratchOptions } from "../scratch/scratch.ts";
import type { Context } from "./command.ts";

/** Flags of every command that may need a scratch database. */
export const scratchFlags = {
  scratchUrl: z.string().optional().describe("Server for scratch databases, instead of a local one"),
};

/** Where scratch databases are made: flag, environment, config, in this order. */
export const scratchOptionsOf = (
  context: Context,
  flags: { readonly scratchUrl?: string | undefined },
  settings: Settings,
): ScratchOptions => ({
  url: flags.scratchUrl ?? context.environment["CONFITURE_SCRATCH_URL"] ?? settings.scratchUrl,
  projectDir: settings.projectDir,
  log: context.log,
});
