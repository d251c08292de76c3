import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { findLedger } from "../migrate/ledger/ledger.ts";
import type { Target } from "../migrate/target.ts";
import { Connection } from "../pg/connection.ts";
import { readSnapshot, snapshotSchema } from "../schema/snapshot.ts";
import { ident, sql } from "../sql/tag.ts";
import { describeTables, type TableSelection, tableSchema } from "./describe-tables.ts";

export const descriptionOutput = defineOutput(
  "introspect",
  1,
  z.object({
    database: z.string(),
    major: z.int().describe("Of the server's PostgreSQL"),
    schema: z.string().nullable().describe("The schema that `tables` is about; null for several"),
    schemas: z.array(z.string()).nullable().describe("All of them; null for every schema"),
    introspected_at: z.string().describe("ISO 8601, UTC"),
    tables: z.array(tableSchema),
    objects: snapshotSchema.shape.objects.describe(
      "Every object of the database by kind, whatever its schema, as comparisons see it",
    ),
    hints: z.array(z.string()),
  }),
);

export type DatabaseDescription = z.infer<typeof descriptionOutput.schema>;

export type DescriptionOptions = Omit<TableSelection, "ours">;

/**
 * What a database holds, read at one moment and without a trace. Throws CONFIG_006, SQL_001, MIGR_012, or
 * CONFIG_008 for a schema that does not exist.
 */
export async function describeDatabase(
  { url, ...target }: Target,
  options: DescriptionOptions,
): Promise<DatabaseDescription> {
  await using db = await Connection.open(url, target);
  const { path } = await findLedger(db, target.trackingTable);
  return await db.transaction(
    async () => {
      const [now] = await db.rows<{ at: string }>(
        sql`select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`,
      );
      await requireSchemas(db, options.schemas);
      const tables = await describeTables(db, { ...options, ours: [path.join(".")] });
      const { objects, database, major } = await readSnapshot(db, { ours: [ident(...path)] });
      const { schemas } = options;
      return {
        database,
        major,
        schema: schemas?.length === 1 ? schemas[0]! : null,
        schemas: schemas === undefined ? null : [...schemas],
        introspected_at: now!.at,
        tables,
        objects,
        hints: tables.length === 0 ? [noneFound(options)] : [],
      };
    },
    sql`isolation level repeatable read read only`,
  );
}

async function requireSchemas(db: Connection, schemas: readonly string[] = []): Promise<void> {
  const rows = await db.rows<{ name: string }>(sql`select nspname as name from pg_catalog.pg_namespace`);
  const known = new Set(rows.map(({ name }) => name));
  const unknown = schemas.find((schema) => !known.has(schema));
  if (unknown !== undefined)
    throw new ConfitureError("CONFIG_008", `there is no schema ${unknown} in ${db.server.database}`);
}

const noneFound = ({ schemas, prefix }: DescriptionOptions): string => {
  const where = schemas === undefined ? "in this database" : `in ${schemas.join(", ")}`;
  const which = prefix === "" ? "" : ` whose name begins with ${prefix}`;
  return `There is no table${which} ${where}${schemas === undefined ? "" : "; --all-schemas looks everywhere"}.`;
};
