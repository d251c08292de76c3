import type { Log } from "../base/log.ts";
import type { SchemaInput } from "../build/sources.ts";
import { Connection } from "../pg/connection.ts";
import { openScratch, type ScratchOptions } from "../scratch/scratch.ts";
import { checkRules, type SyncCheckResult } from "../sync/check.ts";
import type { Rules } from "../sync/rules-file.ts";
import type { Selection } from "../sync/selection.ts";
import { buildSources, schemaSources } from "./scratch-schema.ts";

/** What rules are compared with: a database, or what DDL files build to. */
export type CheckedSide =
  | {
      readonly url: string;
      readonly name: string;
      readonly environment: Readonly<Record<string, string | undefined>>;
    }
  | { readonly schema: SchemaInput; readonly scratch: ScratchOptions; readonly log: Log };

/** Compare a rules file with a schema. Throws CONFIG_006, or what a build of the DDL files throws. */
export async function checkRulesFile(
  rules: Rules,
  side: CheckedSide,
  options: Selection & { readonly ours: readonly string[] },
): Promise<SyncCheckResult> {
  const told = { rules_file: rules.file ?? "" };
  if ("url" in side) {
    await using db = await Connection.open(side.url, { environment: side.environment });
    const { issues, ...counts } = await checkRules(db, rules, options);
    return { ok: issues.length === 0, ...told, compared_with: side.name, ...counts, issues: [...issues] };
  }
  await using scratch = await openScratch(side.scratch);
  await using database = await buildSources(scratch, schemaSources(side.schema), side.log);
  await using db = await Connection.open(database.url);
  const { issues, ...counts } = await checkRules(db, rules, options);
  return { ok: issues.length === 0, ...told, compared_with: "the DDL files", ...counts, issues: [...issues] };
}
