import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import type { Connection, OpenOptions } from "../pg/connection.ts";
import { readForeignKeys, readTables, type SyncTable } from "./catalog.ts";
import { checkRules } from "./check.ts";
import { joinedColumns } from "./joined-columns.ts";
import { KEEP } from "./anonymizers/index.ts";
import { type AddedTable, addRules } from "./propose/add-rules.ts";
import { addedTables } from "./propose/added-tables.ts";
import { carryOver } from "./propose/carry-over.ts";
import { type Decision, decide } from "./propose/decide.ts";
import { tellHeldValues } from "./propose/held-values.ts";
import { proposedTables } from "./propose/proposed-columns.ts";
import { HEAD, rulesText } from "./propose/rules-text.ts";
import { shareData } from "./propose/same-data.ts";
import { shareKinds } from "./propose/same-kind.ts";
import { keyOf, subjectsOf } from "./propose/subjects.ts";
import { parseRules, type Rules } from "./rules-file.ts";
import { type Selection, selectTables, withExcludes } from "./selection.ts";
import { openSource } from "./source/source.ts";
import type { SyncSide } from "./sync.ts";
import { classify, type SourceSchema, throwFirst, type Treatment } from "./treatment.ts";

const columnSchema = z.object({
  column: z.string(),
  type: z.string(),
  anonymizer: z.string(),
  options: z.record(z.string(), z.unknown()),
  domain: z.string().nullable(),
  existing: z.boolean().describe("Whether the file said so before"),
  origin: z.enum(["rule", "foreign key"]).describe("Whether the rule is its own, or that of a joined column"),
  values: z.int().nullable().describe("How many values that differ were looked at"),
  matched: z.int().nullable().describe("How many of them look like what the anonymizer is for"),
  holds_values_of: z
    .array(z.string())
    .describe("Columns that are replaced, of which some values stand in this one, so that a sync would stop"),
  reason: z.string(),
});

export const syncInitOutput = defineOutput(
  "sync.init",
  1,
  z.object({
    ok: z.literal(true),
    source: z.string(),
    file: z.string(),
    outcome: z.enum(["created", "rewritten", "extended", "carried over", "unchanged"]),
    anonymized: z.int().describe("Columns that are new in the file and replaced, joined ones counted"),
    kept: z.int().describe("Columns that are new in the file and stay as they are"),
    existing: z.int().describe("Columns of which the file said what happens to them"),
    tables: z.array(z.object({ table: z.string(), columns: z.array(columnSchema) })),
  }),
);
export type SyncInitResult = z.infer<typeof syncInitOutput.schema>;

export interface ProposalOptions {
  /** The rules file, as results and messages name it. */
  readonly file: string;
  /** Its text, of which all stays; null where there is none, or where it is to be written anew. */
  readonly existing: string | null;
  /** Tables of the tool, which are never copied. */
  readonly ours: readonly string[];
  readonly connection: OpenOptions;
}

/** Rules for a database, and the text of a file with them. */
export interface Proposal {
  readonly result: SyncInitResult;
  readonly text: string;
}

/**
 * Propose a rule for every column that has none, from its name, its type and a sample of its values. Reads at one moment
 * and writes nothing; that the rules fit the database is checked. Throws CONFIG_002 for an existing file that is
 * malformed or has no place for more, SYNC_301 for globs without tables, ANON_1400 and ANON_1401 for its rules.
 */
export async function proposeRules(
  side: SyncSide,
  selection: Selection,
  { file, existing, ours, connection }: ProposalOptions,
): Promise<Proposal> {
  const known = existing === null ? null : { text: existing, rules: parseRules(existing, file) };
  await using source = await openSource(side.url, connection);
  const { db } = source;
  const schema = { tables: await readTables(db, ours), foreignKeys: await readForeignKeys(db) };
  const tables = selectTables(schema.tables, withExcludes(selection, known === null ? [] : [known.rules]));
  const before = treatmentsBy(known?.rules ?? null, tables, schema);
  const decisions = await decisionsFor(db, { before, tables, schema });
  const added = addedTables(tables, { decisions, rules: known?.rules ?? null, all: schema.tables });
  const text = textOf(known, file, added);
  const rules = parseRules(text, file);
  await requireFitting(db, rules, { ...selection, ours });
  const proposed = proposedTables(treatmentsBy(rules, tables, schema), decisions);
  const columns = proposed.flatMap((table) => table.columns);
  const fresh = columns.filter((column) => !column.existing);
  const kept = fresh.filter(({ anonymizer }) => anonymizer === KEEP.name).length;
  return {
    text,
    result: {
      ok: true,
      source: side.name,
      file,
      outcome: outcomeOf(known, text),
      anonymized: fresh.length - kept,
      kept,
      existing: columns.length - fresh.length,
      tables: proposed,
    },
  };
}

/** What rules say of columns; those of which they say nothing have the origin `plaintext`. */
function treatmentsBy(
  rules: Rules | null,
  tables: readonly SyncTable[],
  schema: SourceSchema,
): readonly Treatment[] {
  const all = rules === null ? [] : [rules];
  const { treatments, problems } = classify(tables, schema, all, { allowPlaintext: true });
  throwFirst(problems);
  return treatments;
}

interface Situation {
  readonly before: readonly Treatment[];
  readonly tables: readonly SyncTable[];
  readonly schema: SourceSchema;
}

async function decisionsFor(
  db: Connection,
  { before, tables, schema }: Situation,
): Promise<readonly Decision[]> {
  const isMissing = ({ origin }: Treatment) => origin === "plaintext";
  const missing = new Set(before.filter(isMissing).map(keyOf));
  const existing = before.filter((treatment) => !isMissing(treatment));
  const alone = await decide(db, subjectsOf(tables, missing, joinedColumns(schema.foreignKeys)));
  return tellHeldValues(await shareData(await shareKinds(alone, existing), existing));
}

interface KnownFile {
  readonly text: string;
  readonly rules: Rules;
}

function textOf(known: KnownFile | null, file: string, added: readonly AddedTable[]): string {
  if (known === null) return rulesText(added, HEAD);
  const { text, rules } = known;
  return addRules(rules.isOlderShape ? carryOver(text, rules) : text, file, added);
}

function outcomeOf(known: KnownFile | null, text: string): SyncInitResult["outcome"] {
  if (known === null) return "created";
  if (known.rules.isOlderShape) return "carried over";
  return text === known.text ? "unchanged" : "extended";
}

/** Throws ANON_1400 for rules that a sync would refuse; such of the file that was there, as the others are tried before. */
async function requireFitting(
  db: Connection,
  rules: Rules,
  selection: Selection & { readonly ours: readonly string[] },
): Promise<void> {
  const [issue] = (await checkRules(db, rules, selection)).issues;
  if (issue === undefined) return;
  throw new ConfitureError("ANON_1400", issue.message, {
    file: issue.file ?? undefined,
    line: issue.line ?? undefined,
    actionable: "Correct the rule, or write the file anew with --force.",
  });
}
