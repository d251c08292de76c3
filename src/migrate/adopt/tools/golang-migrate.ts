import { sql } from "../../../sql/tag.ts";
import { tableSql } from "../history-table.ts";
import { wholeFile } from "../source-dir.ts";
import { defineTool } from "../tool.ts";
import { asNumber, inNumericOrder, misnamed, readEach, topLevel, withoutUp } from "../tool-files.ts";

const FILE = /^(\d+)_(.*)\.(up|down)\.sql$/;

export const golangMigrate = defineTool({
  name: "golang-migrate",
  table: "schema_migrations",
  columns: ["version", "dirty"],

  async readHistory(db, table) {
    const [row] = await db.rows<{ version: string; dirty: boolean }>(
      sql`select version::text, dirty from ${tableSql(table)} limit 1`,
    );
    if (!row) return { applied: [] };
    if (row.dirty) return { applied: [], unclean: [`version ${row.version} is dirty`] };
    const reached = BigInt(row.version);
    return {
      applied: [{ key: row.version, label: row.version, appliedAt: null }],
      covers: (key) => /^\d+$/.test(key) && BigInt(key) <= reached,
    };
  },

  readFiles: (source) =>
    inNumericOrder(
      readEach(topLevel(source), (file) => {
        const [, version, name, direction] = FILE.exec(file) ?? [];
        if (version === undefined || name === undefined) return misnamed(file, "<digits>_<name>.up.sql");
        const other = (way: string) => `${version}_${name}.${way}.sql`;
        if (direction === "down") return source.has(other("up")) ? "carried" : withoutUp(file);
        const down = source.has(other("down")) ? wholeFile(source, other("down")) : undefined;
        return { version, name, file, up: wholeFile(source, file), down };
      }),
    ),

  keyOf: ({ version }) => asNumber(version),
});
