import { sql } from "../../../sql/tag.ts";
import { tableSql } from "../history-table.ts";
import { defineTool } from "../tool.ts";
import { readEach, stemOf } from "../tool-files.ts";

export const rails = defineTool({
  name: "rails",
  table: "schema_migrations",
  columns: ["version"],
  isOwn: ({ columns, siblings }) =>
    columns.get("version") === "character varying" &&
    !columns.has("dirty") &&
    siblings.has("ar_internal_metadata"),

  async readHistory(db, table) {
    const rows = await db.rows<{ version: string }>(
      sql`select version from ${tableSql(table)} order by lpad(version, 32, '0')`,
    );
    return {
      applied: rows.map(({ version }) => ({ key: version, label: version, appliedAt: null })),
    };
  },

  readFiles: (source) =>
    readEach(
      source.files,
      (file) => ({
        file,
        reason: "is no migration; the dump of a schema belongs in db/schema, below include_dirs",
      }),
      stemOf,
    ),

  keyOf: ({ version }) => version,
});
