import { ConfitureError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { Distinctness, MaskedColumn } from "./anonymizer.ts";
import { KEEP } from "./anonymizers/index.ts";
import { type ForeignKey, type SyncColumn, type SyncTable, tableKey } from "./catalog.ts";
import { namedDomain } from "./column-masker.ts";
import { columnKey, type JoinedColumns, joinedColumns } from "./joined-columns.ts";
import type { Rule } from "./rule.ts";
import type { Rules } from "./rules-file.ts";
import { tableNamed } from "./selection.ts";

/** What happens to one column. */
export interface Treatment {
  readonly table: string;
  readonly column: SyncColumn;
  readonly rule: Rule;
  /** Whether the rule is written, is that of a column joined by a foreign key, or there is none. */
  readonly origin: "rule" | "foreign key" | "plaintext";
  /** The identity domain: columns of one give the same result for the same value. */
  readonly domain: string;
  readonly masked: MaskedColumn;
  readonly distinctness: Distinctness;
  /** Where the rule stands. */
  readonly place: Place;
}

/** Null for what is on no line of a file. */
export interface Place {
  readonly file: string | null;
  readonly line: number | null;
}

/** What happens to each column, and all that speaks against it. */
export interface Classified {
  readonly treatments: readonly Treatment[];
  readonly problems: readonly ConfitureError[];
}

/** What a database has, whether it is copied or not. */
export interface SourceSchema {
  readonly tables: readonly SyncTable[];
  readonly foreignKeys: readonly ForeignKey[];
}

/** A rule and where it stands. */
interface Written {
  readonly rule: Rule;
  readonly place: Place;
}

/** Takes problems up as they are found. */
type Report = (problem: ConfitureError) => void;

type Ruled = Pick<Treatment, "table" | "column" | "origin"> & { readonly written: Written };

/**
 * What happens to every column of the tables that is copied; what PostgreSQL generates is not. Later rules win over
 * earlier ones. Problems are SYNC_301 for a rule without its table or column, ANON_1403 with all columns that have no
 * rule (unless `allowPlaintext` leaves them as they are), ANON_1400 for rules that do not fit.
 */
export function classify(
  tables: readonly SyncTable[],
  source: SourceSchema,
  rules: readonly Rules[],
  { allowPlaintext }: { readonly allowPlaintext: boolean },
): Classified {
  const problems: ConfitureError[] = [];
  const report: Report = (problem) => problems.push(problem);
  const written = writtenRules(source.tables, rules, report);
  const joined = joinedColumns(source.foreignKeys);
  const unclassified: string[] = [];
  const ruled = tables.flatMap((table) =>
    table.columns.flatMap((column): Ruled[] => {
      if (column.isGenerated) return [];
      const key = columnKey(tableKey(table), column.name);
      const own = written.get(key);
      const found = own ?? ruleOfJoined(key, joined, written);
      if (found === undefined) unclassified.push(key);
      const origin = own !== undefined ? "rule" : found === undefined ? "plaintext" : "foreign key";
      return [{ table: tableKey(table), column, origin, written: found ?? UNWRITTEN }];
    }),
  );
  if (unclassified.length > 0 && !allowPlaintext) report(notClassified(unclassified, rules));
  reportContradictions(joined, written, report);
  return { treatments: withDomains(ruled, joined, report), problems };
}

/** Throws the first of some problems, with the others in its details. */
export function throwFirst([first, ...others]: readonly ConfitureError[]): void {
  if (first === undefined) return;
  throw others.length === 0
    ? first
    : first.with({ details: { other_problems: others.map(({ message }) => message) } });
}

const UNWRITTEN: Written = {
  rule: { anonymizer: KEEP, options: { searched: true }, domain: undefined },
  place: { file: null, line: null },
};

function writtenRules(
  all: readonly SyncTable[],
  rules: readonly Rules[],
  report: Report,
): Map<string, Written> {
  const written = new Map<string, Written>();
  for (const { file, tables } of rules) {
    for (const { table: name, line: tableLine, columns } of tables) {
      const table = reporting({ file, line: tableLine }, report, () => tableNamed(name, all));
      for (const { column, rule, line } of table === null ? [] : columns) {
        const place = { file, line };
        const found = reporting(place, report, () => columnNamed(column, table!));
        if (found !== null) written.set(columnKey(tableKey(table!), found.name), { rule, place });
      }
    }
  }
  return written;
}

function columnNamed(name: string, table: SyncTable): SyncColumn {
  const found = table.columns.find((column) => column.name === name);
  if (found !== undefined && !found.isGenerated) return found;
  if (found !== undefined) {
    const message = `${tableKey(table)}.${name} is generated from other columns and takes no rule`;
    throw new ConfitureError("ANON_1400", message);
  }
  const near = nearest(
    name,
    table.columns.map((column) => column.name),
  );
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  throw new ConfitureError("SYNC_301", `the source has no column ${tableKey(table)}.${name}${hint}`);
}

const ruleOfJoined = (
  key: string,
  joined: JoinedColumns,
  written: ReadonlyMap<string, Written>,
): Written | undefined =>
  joined
    .membersOf(key)
    .map((member) => written.get(member))
    .find((rule) => rule !== undefined && !rule.rule.anonymizer.isAlwaysNull);

/** Columns that are joined need one rule, or the rows of one no longer find those of the other. */
function reportContradictions(
  joined: JoinedColumns,
  written: ReadonlyMap<string, Written>,
  report: Report,
): void {
  const isSame = (a: Rule, b: Rule) =>
    a.anonymizer === b.anonymizer &&
    a.domain === b.domain &&
    JSON.stringify(a.options) === JSON.stringify(b.options);
  for (const [key, { rule, place }] of written) {
    if (rule.anonymizer.isAlwaysNull && joined.isReferencing(key)) continue;
    for (const member of joined.membersOf(key)) {
      const other = written.get(member);
      if (other === undefined || member < key || isSame(rule, other.rule)) continue;
      if (other.rule.anonymizer.isAlwaysNull && joined.isReferencing(member)) continue;
      const message = `a foreign key joins ${key} (${rule.anonymizer.name}) and ${member} (${other.rule.anonymizer.name}): they need the same rule`;
      const actionable = `Give ${key} and ${member} one rule, or leave one of them out.`;
      report(new ConfitureError("ANON_1400", message, { ...contextOf(place), actionable }));
    }
  }
}

/** Columns of one domain are masked as if they were one: unique if any is, and as short as the shortest. */
function withDomains(ruled: readonly Ruled[], joined: JoinedColumns, report: Report): Treatment[] {
  const domainOf = ({ table, column, written: { rule } }: Ruled): string =>
    rule.domain === undefined
      ? `column ${joined.rootOf(columnKey(table, column.name))}`
      : namedDomain(rule.domain);
  const domains = new Map<string, SyncColumn[]>();
  for (const one of ruled) domains.set(domainOf(one), [...(domains.get(domainOf(one)) ?? []), one.column]);
  return ruled.map(({ written, ...one }) => {
    const domain = domainOf({ written, ...one });
    const masked = maskedColumn(one.column, domains.get(domain)!);
    const { rule, place } = written;
    const distinctness = reporting(place, report, () => distinctnessOf(one, rule, masked)) ?? "lossy";
    return { ...one, rule, domain, masked, distinctness, place };
  });
}

/** A column as the anonymizer of an identity domain with these columns sees it. */
export function maskedColumn(column: SyncColumn, members: readonly SyncColumn[]): MaskedColumn {
  const lengths = members.flatMap(({ maxLength }) => maxLength ?? []);
  return {
    type: column.baseType,
    sqlType: column.sqlType,
    maxLength: lengths.length === 0 ? null : Math.min(...lengths),
    precision: column.precision,
    scale: column.scale,
    labels: column.labels,
    isNullable: column.isNullable,
    isUnique: members.some(({ isUnique }) => isUnique),
  };
}

function distinctnessOf(
  { table, column }: Pick<Ruled, "table" | "column">,
  { anonymizer, options }: Rule,
  masked: MaskedColumn,
): Distinctness {
  const distinctness = anonymizer.distinctness(options, masked);
  if (distinctness !== "lossy" || !column.isUnique) return distinctness;
  throw new ConfitureError(
    "ANON_1400",
    `${anonymizer.name} can give two rows of ${table} the same ${column.name}, which must be unique`,
    { actionable: "Choose an anonymizer that keeps values apart, or options with which it does." },
  );
}

function notClassified(columns: readonly string[], rules: readonly Rules[]): ConfitureError {
  const shown = columns.slice(0, 10).join(", ");
  const more = columns.length > 10 ? ` and ${columns.length - 10} more` : "";
  return new ConfitureError("ANON_1403", `no rule says what happens to ${shown}${more}`, {
    file: rules.find(({ file }) => file !== null)?.file ?? undefined,
    details: { columns },
  });
}

/** What the work gives; null where it is a problem, which is reported with the place of the rule. */
function reporting<T>(place: Place, report: Report, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ConfitureError)) throw error;
    report(error.with(contextOf(place)));
    return null;
  }
}

/** The place of a rule, for an error. */
export const contextOf = ({ file, line }: Place) => ({ file: file ?? undefined, line: line ?? undefined });

/** Columns that may hold values of others. One that is masked as a whole holds such a value by chance alone. */
export const searchedColumns = (treatments: readonly Treatment[], key: string): SyncColumn[] =>
  treatments.flatMap(({ table, column, rule }) => (table === key && isSearched(rule) ? [column] : []));

const isSearched = ({ anonymizer: { isPlain, isPartial, ...anonymizer }, options }: Rule): boolean =>
  (isPlain === true || isPartial === true) && (anonymizer.isSearched?.(options) ?? true);

/** Columns that hold what others may hold, and are left out of the search because their rules say so. */
export const unsearchedColumns = (treatments: readonly Treatment[]): string[] =>
  treatments.flatMap(({ table, column, rule }) =>
    rule.anonymizer.isPlain && !isSearched(rule) ? [columnKey(table, column.name)] : [],
  );
