import type { ForeignKey } from "./catalog.ts";

/** A column as `schema.table` and name, in one word. */
export const columnKey = (table: string, column: string): string => `${table}.${column}`;

/** Columns that foreign keys join, directly or through others. */
export interface JoinedColumns {
  /** The column that stands for all joined with this one: the first that refers to no other. */
  readonly rootOf: (key: string) => string;
  /** All that are joined with this one, itself among them. */
  readonly membersOf: (key: string) => readonly string[];
  /** Whether it refers to another. */
  readonly isReferencing: (key: string) => boolean;
}

export function joinedColumns(foreignKeys: readonly ForeignKey[]): JoinedColumns {
  const joined = new Map<string, Set<string>>();
  const referencing = new Set<string>();
  const groupOf = (key: string) => joined.get(key) ?? new Set([key]);
  for (const { from, columns, to, toColumns } of foreignKeys) {
    columns.forEach((column, i) => {
      const [own, other] = [columnKey(from, column), columnKey(to, toColumns[i]!)];
      if (own !== other) referencing.add(own);
      const group = new Set([...groupOf(own), ...groupOf(other)]);
      for (const member of group) joined.set(member, group);
    });
  }
  const membersOf = (key: string) => [...groupOf(key)].toSorted();
  return {
    membersOf,
    rootOf: (key) => {
      const members = membersOf(key);
      return members.find((member) => !referencing.has(member)) ?? members[0]!;
    },
    isReferencing: (key) => referencing.has(key),
  };
}
