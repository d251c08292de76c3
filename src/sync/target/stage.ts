import type { Connection } from "../../pg/connection.ts";
import { ident, sql } from "../../sql/tag.ts";
import type { SyncTable } from "../catalog.ts";
import { SYNC_SCHEMA } from "./records.ts";

/**
 * A table that takes the rows of one unit: with the columns and checks of the table that they are meant for, so that a
 * value that it refuses is refused now, and without all that slows a load. Gives its name, quoted.
 */
export async function createStage(db: Connection, table: SyncTable, number: number): Promise<string> {
  const stage = ident(SYNC_SCHEMA, `sync_stage_${number}`);
  const generated = table.columns.filter(({ isGenerated }) => isGenerated);
  await db.run(
    sql.raw(
      `create table ${stage} (like ${ident(table.schema, table.name)} including constraints including storage)
        with (autovacuum_enabled = off, toast.autovacuum_enabled = off)`,
    ),
  );
  if (generated.length > 0) {
    const drops = generated.map(({ name }) => `drop column ${ident(name)} cascade`);
    await db.run(sql.raw(`alter table ${stage} ${drops.join(", ")}`));
  }
  return stage;
}
