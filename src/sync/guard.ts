import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { ident, sql } from "../sql/tag.ts";
import { type ForeignKey, type SyncTable, tableKey } from "./catalog.ts";
import type { DatabaseIdentity } from "./source/source.ts";

/** Throws SYNC_001 when a database would be copied into itself, or into what it is a physical copy of. */
export function refuseSameDatabase(source: DatabaseIdentity, target: DatabaseIdentity): void {
  const isSame =
    source.database === target.database &&
    source.databaseOid === target.databaseOid &&
    (source.systemIdentifier === null ||
      target.systemIdentifier === null ||
      source.systemIdentifier === target.systemIdentifier);
  if (!isSame) return;
  throw new ConfitureError("SYNC_001", `source and target are the same database, ${source.database}`, {
    actionable: "Name another database with --to.",
  });
}

/** Throws SYNC_001 when tables of the target hold rows. */
export async function refuseRows(db: Connection, tables: readonly SyncTable[]): Promise<void> {
  const questions = tables.map(
    (table) =>
      `select '${tableKey(table).replaceAll("'", "''")}' as name where exists (select from ${table.isPartitioned ? "" : "only "}${ident(table.schema, table.name)})`,
  );
  const full = await db.rows<{ name: string }>(sql.raw(questions.join(" union all ")));
  if (full.length === 0) return;
  const names = full.map(({ name }) => name);
  throw new ConfitureError("SYNC_001", `the target holds rows in ${names.join(", ")}`, {
    actionable: "Add --replace to have them replaced.",
    details: { tables: names },
  });
}

/** Throws SYNC_001 when tables that are not copied refer to tables that will be emptied. */
export function refuseOutsideReferences(
  foreignKeys: readonly ForeignKey[],
  tables: readonly SyncTable[],
): void {
  const copied = new Set(tables.map(tableKey));
  const outside = foreignKeys.filter(({ from, to }) => copied.has(to) && !copied.has(from));
  if (outside.length === 0) return;
  const names = [...new Set(outside.map(({ from }) => from))];
  throw new ConfitureError(
    "SYNC_001",
    `${names.join(", ")} of the target refer to tables that are emptied, and would lose rows`,
    {
      actionable: `Copy them too: add ${names.join(",")} to --tables, or take them out of --exclude.`,
      details: { foreign_keys: outside.map(({ name, from, to }) => ({ name, from, to })) },
    },
  );
}

/** Throws SYNC_301 with all that the target lacks or has otherwise. */
export function refuseOtherColumns(tables: readonly SyncTable[], target: readonly SyncTable[]): void {
  const byKey = new Map(target.map((table) => [tableKey(table), table]));
  const problems = tables.flatMap((table) => {
    const other = byKey.get(tableKey(table));
    return other === undefined ? [`${tableKey(table)} is not there`] : columnProblems(table, other);
  });
  if (problems.length === 0) return;
  throw new ConfitureError("SYNC_301", `the target differs from the source: ${problems.join("; ")}`, {
    details: { problems },
  });
}

function columnProblems(table: SyncTable, target: SyncTable): string[] {
  const key = tableKey(table);
  const own = new Map(target.columns.map((column) => [column.name, column]));
  const copied = table.columns.filter(({ isGenerated }) => !isGenerated);
  const names = new Set(copied.map(({ name }) => name));
  return [
    ...copied.flatMap(({ name, sqlType }) => {
      const other = own.get(name);
      if (other === undefined) return [`${key}.${name} is not there`];
      if (other.isGenerated) return [`${key}.${name} is generated there`];
      return other.sqlType === sqlType ? [] : [`${key}.${name} is ${other.sqlType}, not ${sqlType}`];
    }),
    ...target.columns.flatMap(({ name, isOptional, isGenerated }) =>
      names.has(name) || isOptional || isGenerated
        ? []
        : [`${key}.${name} needs a value that the source does not have`],
    ),
  ];
}
