import { type SyncColumn, type SyncTable, tableKey } from "../catalog.ts";
import { columnKey, type JoinedColumns } from "../joined-columns.ts";

/** A column that needs a rule. */
export interface Member {
  /** Qualified, as `tableKey` gives it. */
  readonly table: string;
  readonly column: SyncColumn;
  readonly from: SyncTable;
}

/** A column as rules and messages name it. */
export const keyOf = ({ table, column }: Pick<Member, "table" | "column">): string =>
  columnKey(table, column.name);

/** Columns that need one rule: one column, or all that foreign keys join. */
export interface Subject {
  /** Where the rule is written. */
  readonly home: Member;
  /** Its home among them. */
  readonly members: readonly Member[];
}

/** The rule of joined columns is written where they refer to, if that is among the columns. */
export function subjectsOf(
  tables: readonly SyncTable[],
  needsRule: ReadonlySet<string>,
  joined: JoinedColumns,
): Subject[] {
  const members = tables.flatMap((table) =>
    table.columns
      .map((column): Member => ({ table: tableKey(table), column, from: table }))
      .filter((member) => needsRule.has(keyOf(member))),
  );
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const root = joined.rootOf(keyOf(member));
    groups.set(root, [...(groups.get(root) ?? []), member]);
  }
  return [...groups].map(([root, own]) => ({
    members: own,
    home:
      own.find((member) => keyOf(member) === root) ??
      own.find((member) => !joined.isReferencing(keyOf(member))) ??
      own[0]!,
  }));
}
