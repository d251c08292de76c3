import * as z from "zod";
import type { Settings } from "../config/environment.ts";
import { schemaInputOf } from "../config/feature-settings.ts";
import type { Target } from "../migrate/target.ts";
import type { SideContext } from "../workflows/sides/side.ts";
import type { Context } from "./command.ts";

/** The version of PostgreSQL for what is built, where no live database decides it. */
export const majorFlag = {
  major: z.coerce
    .number()
    .int()
    .min(13)
    .optional()
    .describe("PostgreSQL version to compare on, where no live database decides it"),
};

/** How a plan is made and printed. */
export const planFlags = {
  rename: z
    .array(z.string())
    .optional()
    .describe("What has another name in the target, e.g. table:old=new, column:t.old=new; may be repeated"),
  keywords: z.enum(["lower", "upper"]).optional().describe("Print the keywords of SQL so; default lower"),
};

/** Where the sides that a user names are looked for. */
export const sideContextOf = (
  { cwd }: Context,
  settings: Settings,
  target: Omit<Target, "url">,
): SideContext => ({ cwd, projectDir: settings.projectDir, schema: schemaInputOf(settings), target });
