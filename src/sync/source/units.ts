import { ident } from "../../sql/tag.ts";
import { type Leaf, type SyncTable, tableKey } from "../catalog.ts";

/** Rows that are read by one COPY, and kept or read again together. */
export interface Unit {
  readonly table: string;
  /** What is read from, qualified. */
  readonly from: string;
  /** Some rows of a whole table, which depend on those of other tables. */
  readonly isSubset: boolean;
  /** First block and the one after the last; null is open. */
  readonly firstPage: number | null;
  readonly endPage: number | null;
  /** Pages of the heap; for the order and the share of the work. */
  readonly pages: number;
  readonly fileNode: number;
}

/** 64 MB in blocks of 8 kB: seconds of work to lose, and few enough to record. */
const UNIT_PAGES = 8192;

/** PostgreSQL 14 scans a range of blocks alone; before, each range would read the whole table. */
const RANGES_SINCE = 14;

export interface UnitOptions {
  /** Version of the source. */
  readonly major: number;
  /** Blocks of a part; 8,192 by default. */
  readonly unitPages?: number | undefined;
  /** Tables of which not all rows are read; they are not cut. */
  readonly subsets: ReadonlySet<string>;
}

/** How tables are cut; the largest units come first. */
export function unitsOf(
  tables: readonly SyncTable[],
  { major, unitPages = UNIT_PAGES, subsets }: UnitOptions,
): Unit[] {
  const most = major < RANGES_SINCE ? Infinity : unitPages;
  return tables
    .flatMap((table) =>
      subsets.has(tableKey(table))
        ? [subsetOf(table)]
        : table.leaves.flatMap((leaf) => unitsOfLeaf(table, leaf, most)),
    )
    .toSorted((a, b) => b.pages - a.pages);
}

function subsetOf(table: SyncTable): Unit {
  const key = tableKey(table);
  const pages = table.leaves.reduce((sum, leaf) => sum + leaf.pages, 0);
  return { table: key, from: key, isSubset: true, firstPage: null, endPage: null, pages, fileNode: 0 };
}

/** Rows may have been added since the size was taken, so that the last range is open. */
function unitsOfLeaf(table: SyncTable, leaf: Leaf, most: number): Unit[] {
  const whole = {
    table: tableKey(table),
    from: ident(leaf.schema, leaf.name),
    isSubset: false,
    fileNode: leaf.fileNode,
  };
  const count = Math.max(1, Math.ceil(leaf.pages / most));
  return Array.from({ length: count }, (_, i) => ({
    ...whole,
    firstPage: i === 0 ? null : i * most,
    endPage: i === count - 1 ? null : (i + 1) * most,
    pages: i === count - 1 ? leaf.pages - i * most : most,
  }));
}

/** `where …` for the rows of a unit, or nothing. */
export function rangeCondition({ firstPage, endPage }: Unit): string {
  const bounds = [
    ...(firstPage === null ? [] : [`ctid >= '(${firstPage},0)'::tid`]),
    ...(endPage === null ? [] : [`ctid < '(${endPage},0)'::tid`]),
  ];
  return bounds.length === 0 ? "" : ` where ${bounds.join(" and ")}`;
}
