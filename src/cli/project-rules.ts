import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Rules } from "../sync/rules-file.ts";
import type { Context } from "./command.ts";

/** Where a project has rules for personal data, the migrations must leave no column without one. */
export async function projectRules(context: Context): Promise<Rules | undefined> {
  if (!existsSync(resolve(context.cwd, "db/sync/anonymization.yaml"))) return undefined;
  const { readRulesFile, RULES_FILE } = await import("./sync-sides.ts");
  return (await readRulesFile(context, RULES_FILE, true))[0];
}
