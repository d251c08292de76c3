import { resolve } from "node:path";
import * as z from "zod";
import type { Context } from "./command.ts";

/** Flags of the `db` commands. */
export const embeddedFlags = {
  projectDir: z.string().default(".").describe("The project whose .confiture/ holds the database"),
};

export const embeddedProject = (context: Context, flags: { readonly projectDir: string }): string =>
  resolve(context.cwd, flags.projectDir);
