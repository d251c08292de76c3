import { type SyncTable, tableKey } from "../catalog.ts";
import { columnKey } from "../joined-columns.ts";
import type { Rules } from "../rules-file.ts";
import { tableNamed } from "../selection.ts";
import type { AddedTable } from "./add-rules.ts";
import type { Decision } from "./decide.ts";
import { ruleText } from "./fit.ts";
import type { ColumnText } from "./rules-text.ts";
import { keyOf } from "./subjects.ts";

interface Known {
  readonly decisions: readonly Decision[];
  /** The rules that are there. */
  readonly rules: Rules | null;
  /** All tables of the database. */
  readonly all: readonly SyncTable[];
}

/** What a rules file lacks of some tables, in their order; a table that it does not name has a line for each column. */
export function addedTables(
  tables: readonly SyncTable[],
  { decisions, rules, all }: Known,
): readonly AddedTable[] {
  const names = new Map<string, string>();
  for (const { table } of rules?.tables ?? []) names.set(tableKey(tableNamed(table, all)), table);
  const homes = new Map(decisions.map((decision) => [keyOf(decision.subject.home), decision]));
  const followed = new Map(
    decisions.flatMap(({ subject }) => subject.members.map((member) => [keyOf(member), keyOf(subject.home)])),
  );
  return tables.flatMap((table) => {
    const columns = table.columns
      .filter(({ isGenerated }) => !isGenerated)
      .map(({ name }) => {
        const key = columnKey(tableKey(table), name);
        return columnText(name, homes.get(key), followed.get(key));
      });
    const known = names.get(tableKey(table)) ?? null;
    const added = known === null ? columns : columns.filter(({ rule }) => rule !== null);
    return known !== null && added.length === 0 ? [] : [{ table: tableKey(table), known, columns: added }];
  });
}

function columnText(
  column: string,
  decision: Decision | undefined,
  home = "a column that foreign keys join with it",
): ColumnText {
  if (decision === undefined) return { column, rule: null, comment: `the rule of ${home}` };
  const { anonymizer, options, domain, reasons } = decision;
  return { column, rule: ruleText(anonymizer.name, options, domain), comment: reasons.join("; ") };
}
