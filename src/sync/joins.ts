import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { ident, sql } from "../sql/tag.ts";
import type { ForeignKey } from "./catalog.ts";
import type { SyncPlan } from "./plan.ts";
import type { Treatment } from "./treatment.ts";

/** Columns whose values are looked up in others. */
export interface Join {
  /** The foreign key, or the identity domain that the columns share. */
  readonly by: string;
  readonly from: string;
  readonly columns: readonly string[];
  readonly to: string;
  readonly toColumns: readonly string[];
}

/** A join that must find no fewer rows in the copy, and no more if values that differ stay different on both sides. */
export interface CheckedJoin extends Join {
  readonly isExact: boolean;
}

/** How many rows find one by a join, at the source and in the copy. */
export interface JoinCount extends Join {
  readonly before: number;
  readonly after: number;
}

/**
 * Joins between copied tables that must find as many rows afterwards: of foreign keys, and within named domains. None of
 * a table of which not all rows are copied.
 */
export function joinsOf({ treatments, foreignKeys, subsets }: SyncPlan): CheckedJoin[] {
  const byKey = new Map(treatments.map((one) => [`${one.table} ${one.column.name}`, one]));
  const treatmentsOf = (table: string, columns: readonly string[]) =>
    columns.map((column) => byKey.get(`${table} ${column}`));
  const survives = ({ from, columns, to, toColumns }: ForeignKey) => {
    const [own, other] = [treatmentsOf(from, columns), treatmentsOf(to, toColumns)];
    return own.every((one, i) => keepsApart(one) && keepsApart(other[i]));
  };
  const keys = foreignKeys.filter(survives).map(({ name, ...key }) => ({ by: name, ...key, isExact: true }));
  return [...keys, ...domainJoins(treatments)].filter(
    ({ from, to }) => !subsets.has(from) && !subsets.has(to),
  );
}

/** Values that differ stay different, and are there. */
const keepsApart = (treatment: Treatment | undefined): boolean =>
  treatment !== undefined && treatment.distinctness !== "lossy" && !treatment.rule.anonymizer.isAlwaysNull;

/**
 * Each column of a named domain with the next one of it, if their types are the same. In a domain without a unique column
 * two values may have the same result, so that more rows find one.
 */
function domainJoins(treatments: readonly Treatment[]): CheckedJoin[] {
  const named = treatments.filter(
    (one) => one.rule.domain !== undefined && keepsApart(one) && !one.column.isArray,
  );
  return named.flatMap((one, i) => {
    const next = named.slice(i + 1).find((other) => other.domain === one.domain);
    if (next === undefined || next.column.baseType !== one.column.baseType) return [];
    return [
      {
        by: one.domain,
        from: one.table,
        columns: [one.column.name],
        to: next.table,
        toColumns: [next.column.name],
        isExact: one.masked.isUnique || one.rule.anonymizer.isPlain === true,
      },
    ];
  });
}

/** Rows that find one, for each join. */
export async function countJoins(db: Connection, joins: readonly Join[]): Promise<number[]> {
  const counts: number[] = [];
  for (const { from, columns, to, toColumns } of joins) {
    const equal = columns.map((column, i) => `a.${ident(column)} = b.${ident(toColumns[i]!)}`);
    const [found] = await db.rows<{ rows: number }>(
      sql.raw(
        `select count(*)::float8 as rows from ${from} a where exists (select from ${to} b where ${equal.join(" and ")})`,
      ),
    );
    counts.push(found?.rows ?? 0);
  }
  return counts;
}

/** Throws SYNC_306 when a join of the copy finds fewer rows than at the source, or more where it may not. */
export function compareJoins(
  joins: readonly CheckedJoin[],
  before: readonly number[],
  after: readonly number[],
): JoinCount[] {
  const counted = joins.map(({ by, from, columns, to, toColumns }, i) => {
    return { by, from, columns, to, toColumns, before: before[i]!, after: after[i]! };
  });
  const different = counted.filter((join, i) =>
    joins[i]!.isExact ? join.before !== join.after : join.after < join.before,
  );
  if (different.length === 0) return counted;
  const shown = different.map(
    ({ by, from, before: had, after: has }) => `${from} by ${by} (${had} row(s), ${has} in the copy)`,
  );
  throw new ConfitureError("SYNC_306", `joins do not find the same rows: ${shown.join(", ")}`, {
    details: { joins: different },
  });
}
