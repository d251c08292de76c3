import { posix } from "node:path";
import { sql } from "../../../sql/tag.ts";
import { tableSql, utc } from "../history-table.ts";
import { wholeFile } from "../source-dir.ts";
import { defineTool } from "../tool.ts";
import { numbered, readEach } from "../tool-files.ts";

interface Row {
  readonly name: string;
  readonly finished_at: string | null;
  readonly rolled_back_at: string | null;
}

export const prisma = defineTool({
  name: "prisma",
  table: "_prisma_migrations",
  columns: ["migration_name", "started_at", "finished_at", "rolled_back_at"],

  /** A migration that failed and was tried again has a row for each try. */
  async readHistory(db, table) {
    const rows = await db.rows<Row>(sql`
      select migration_name as name, ${utc(sql`finished_at`)} as finished_at,
             ${utc(sql`rolled_back_at`)} as rolled_back_at
      from ${tableSql(table)} order by finished_at, started_at, migration_name`);
    const standing = rows.filter((row) => row.rolled_back_at === null);
    const names = new Set(standing.map((row) => row.name));
    const gone = rows.filter((row) => !names.has(row.name)).map((row) => row.name);
    return {
      applied: standing
        .filter((row) => row.finished_at !== null)
        .map(({ name, finished_at }) => ({ key: name, label: name, appliedAt: finished_at })),
      undone: [...new Set(gone)],
      unclean: standing
        .filter((row) => row.finished_at === null)
        .map((row) => `${row.name} was started and never finished`),
    };
  },

  readFiles: (source) =>
    readEach(source.files, (file) => {
      const folder = posix.dirname(file);
      const [up, down] = [`${folder}/migration.sql`, `${folder}/down.sql`];
      if (file === down && source.has(up)) return "carried";
      if (file !== up) return { file, reason: "is no migration.sql in a folder of its own" };
      const named = numbered(posix.basename(folder));
      if (!named || folder.includes("/")) {
        return {
          file,
          reason: "does not lie in a folder <digits>_<name>, so its place in the order is unknown",
        };
      }
      return {
        ...named,
        file,
        up: wholeFile(source, up),
        down: source.has(down) ? wholeFile(source, down) : undefined,
      };
    }),

  keyOf: ({ version, name }) => `${version}_${name}`,
});
