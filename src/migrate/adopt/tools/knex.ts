import { sql } from "../../../sql/tag.ts";
import { siblingSql, tableSql, utc } from "../history-table.ts";
import { defineTool } from "../tool.ts";
import { readEach, stemOf } from "../tool-files.ts";

export const knex = defineTool({
  name: "knex",
  table: "knex_migrations",
  columns: ["id", "name", "batch", "migration_time"],

  async readHistory(db, table) {
    const rows = await db.rows<{ name: string; applied_at: string | null }>(sql`
      select name, ${utc(sql`migration_time`)} as applied_at from ${tableSql(table)} order by id`);
    const lock = `${table.path[1]}_lock`;
    const locked = table.siblings.has(lock)
      ? await db.rows(sql`select from ${siblingSql(table, lock)} where is_locked = 1`)
      : [];
    return {
      applied: rows.map((row) => ({ key: stemOf(row.name), label: row.name, appliedAt: row.applied_at })),
      unclean: locked.map(() => `${lock} is locked: a run is going on, or died`),
    };
  },

  readFiles: (source) =>
    readEach(
      source.files,
      (file) => ({ file, reason: "is no migration, because knex runs JavaScript only" }),
      stemOf,
    ),

  keyOf: ({ version, name }) => `${version}_${name}`,
});
