import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import type { Resolved } from "../config/resolve.ts";
import { describeTarget } from "../pg/dsn.ts";
import { parseRule } from "../sync/rule.ts";
import { parseRules, rowRulesSchema, type Rules } from "../sync/rules-file.ts";
import type { SyncSide } from "../sync/sync.ts";
import type { Context } from "./command.ts";
import { inFolder, resolveFlags, urlOf } from "./database.ts";

/** Where the rules for personal data are looked for. */
export const RULES_FILE = "db/sync/anonymization.yaml";

/** Globs that were given with commas between, or one by one. */
export const listOf = (words: readonly string[] | undefined): readonly string[] | undefined =>
  words?.flatMap((word) => word.split(",")).map((word) => word.trim());

/** One side of a sync, with the settings of its environment. */
export interface ResolvedSide extends SyncSide {
  readonly resolved: Resolved;
}

/**
 * The database that a word names: a connection string, `embedded`, or an environment. Variables that name a database for
 * other commands say nothing here. Throws CONFIG_001 to CONFIG_010.
 */
export async function resolveSide(
  context: Context,
  word: string,
  command: "reads" | "writes",
): Promise<ResolvedSide> {
  const { CONFITURE_DATABASE_URL: _, DATABASE_URL: __, ...environment } = context.environment;
  const own = { ...context, environment };
  const isUrl = word === "embedded" || /^postgres(ql)?:\/\//.test(word) || /^\w+\s*=/.test(word);
  const named = isUrl ? { databaseUrl: word, noConfig: true } : { env: word };
  const resolved = await resolveFlags(own, named, { command });
  const url = (await urlOf(own, resolved))!;
  const shown = describeTarget(url, environment);
  return { url, resolved, name: isUrl ? shown : `${word} (${shown})` };
}

/** The rules file; throws CONFIG_004 when it was asked for and is not there. */
export async function readRulesFile(context: Context, file: string, isRequired: boolean): Promise<Rules[]> {
  const path = inFolder(context.cwd, file);
  if (!existsSync(path)) {
    if (!isRequired) return [];
    throw new ConfitureError("CONFIG_004", `${file} does not exist`, {
      file,
      actionable: "Write one with `confiture sync init`, or name it with --anonymization-config.",
    });
  }
  return [parseRules(await readFile(join(path), "utf8"), file)];
}

/** `table.column=anonymizer` as rules. Throws CONFIG_008 for another form, ANON_1401 for an unknown anonymizer. */
export function adHocRules(words: readonly string[]): Rules[] {
  if (words.length === 0) return [];
  const tables = words.map((word) => {
    const [place = "", name] = word.split(/=(.*)/s);
    const dot = place.lastIndexOf(".");
    if (dot < 1 || !name) {
      throw new ConfitureError("CONFIG_008", `--anonymize: ${word} is not table.column=anonymizer`);
    }
    const column = { column: place.slice(dot + 1), rule: parseRule(name), line: null };
    return { table: place.slice(0, dot), line: null, columns: [column] };
  });
  return [{ file: null, tables, exclude: [], isOlderShape: false }];
}

/** `table=…` of the flags about rows, as rules. Throws CONFIG_008 for another form. */
export function rowRulesOf(given: {
  readonly where?: readonly string[] | undefined;
  readonly sample?: readonly string[] | undefined;
  readonly limit?: readonly string[] | undefined;
}): Rules[] {
  const tables = (["where", "sample", "limit"] as const).flatMap((flag) =>
    (given[flag] ?? []).map((word) => {
      const [table = "", value = ""] = word.split(/=(.*)/s);
      const parsed = rowRulesSchema.safeParse({ [flag]: flag === "limit" ? Number(value) : value });
      if (table !== "" && parsed.success) return { table, line: null, columns: [], ...parsed.data };
      const form = { where: "CONDITION", sample: "10%", limit: "N" }[flag];
      throw new ConfitureError("CONFIG_008", `--${flag}: ${word} is not table=${form}`);
    }),
  );
  return tables.length === 0 ? [] : [{ file: null, tables, exclude: [], isOlderShape: false }];
}
