import { posix } from "node:path";
import { sql } from "../../../sql/tag.ts";
import { tableSql } from "../history-table.ts";
import { defineTool } from "../tool.ts";
import { readEach, stemOf } from "../tool-files.ts";

export const alembic = defineTool({
  name: "alembic",
  table: "alembic_version",
  columns: ["version_num"],

  async readHistory(db, table) {
    const rows = await db.rows<{ version: string }>(
      sql`select version_num as version from ${tableSql(table)} order by version_num`,
    );
    return {
      applied: rows.map(({ version }) => ({ key: version, label: version, appliedAt: null })),
      isNewestOnly: true,
    };
  },

  readFiles: (source) =>
    readEach(
      source.files,
      (file) => ({
        file,
        reason: "is SQL of `alembic upgrade --sql`, which holds many revisions in one file; cut it by hand",
      }),
      (file) => (posix.basename(file) === "env.py" ? undefined : `<number>_${stemOf(file)}`),
    ),

  /** The revision's id is the first word of the name, because it does not sort. */
  keyOf: ({ version, name }) => (/^\d+$/.test(version) ? name.split("_", 1)[0]! : version),
});
