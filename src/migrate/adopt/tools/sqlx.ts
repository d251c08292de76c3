import { sql } from "../../../sql/tag.ts";
import { tableSql, utc } from "../history-table.ts";
import { type Part, type SourceDir, wholeFile } from "../source-dir.ts";
import { defineTool } from "../tool.ts";
import { asNumber, inNumericOrder, misnamed, readEach, topLevel, withoutUp } from "../tool-files.ts";

const FILE = /^(\d+)_(.+?)(\.up|\.down)?\.sql$/;

export const sqlx = defineTool({
  name: "sqlx",
  table: "_sqlx_migrations",
  columns: ["version", "description", "installed_on", "success", "checksum"],

  async readHistory(db, table) {
    const rows = await db.rows<{ version: string; success: boolean; applied_at: string }>(sql`
      select version::text, success, ${utc(sql`installed_on`)} as applied_at
      from ${tableSql(table)} order by installed_on, version`);
    return {
      applied: rows
        .filter((row) => row.success)
        .map((row) => ({ key: row.version, label: row.version, appliedAt: row.applied_at })),
      unclean: rows.filter((row) => !row.success).map((row) => `version ${row.version} has success = false`),
    };
  },

  readFiles: (source) =>
    inNumericOrder(
      readEach(topLevel(source), (file) => {
        const [, version, name, direction] = FILE.exec(file) ?? [];
        if (version === undefined || name === undefined) return misnamed(file, "<digits>_<name>.sql");
        const stem = `${version}_${name}`;
        if (direction === ".down") return source.has(`${stem}.up.sql`) ? "carried" : withoutUp(file);
        const down = `${stem}.down.sql`;
        const hasDown = direction === ".up" && source.has(down);
        return {
          version,
          name,
          file,
          up: partOf(source, file),
          down: hasDown ? partOf(source, down) : undefined,
        };
      }),
    ),

  keyOf: ({ version }) => asNumber(version),
});

/** The marker stands on the first line, and nowhere else. */
function partOf(source: SourceDir, file: string): Part {
  const whole = wholeFile(source, file);
  return whole.lines[0]?.text.startsWith("-- no-transaction")
    ? { file, lines: whole.lines.slice(1), noTransaction: true }
    : whole;
}
