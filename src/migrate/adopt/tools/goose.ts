import { sql } from "../../../sql/tag.ts";
import { tableSql, utc } from "../history-table.ts";
import { closed, cutSections, firstSql, type Line, type Refusal, type Section } from "../source-dir.ts";
import { defineTool, type ToolMigration } from "../tool.ts";
import { asNumber, inNumericOrder, misnamed, numbered, readEach, stemOf, topLevel } from "../tool-files.ts";

const marker = (text: string): string | undefined =>
  /^\s*--\s*\+goose\s+(.*?)\s*$/i.exec(text)?.[1]?.toUpperCase().replaceAll(/\s+/g, " ");

const KNOWN: ReadonlySet<string> = new Set([
  "UP",
  "DOWN",
  "STATEMENTBEGIN",
  "STATEMENTEND",
  "NO TRANSACTION",
]);

const nameOf = (file: string) => numbered(stemOf(file));

export const goose = defineTool({
  name: "goose",
  table: "goose_db_version",
  columns: ["id", "version_id", "is_applied", "tstamp"],

  /** The newest row of a version counts; version 0 stands for the empty database. */
  async readHistory(db, table) {
    const rows = await db.rows<{ version: string; is_applied: boolean; applied_at: string | null }>(sql`
      select version_id::text as version, is_applied, ${utc(sql`tstamp`)} as applied_at
      from (select *, row_number() over (partition by version_id order by id desc) as age
            from ${tableSql(table)}) as history
      where age = 1 and version_id <> 0 order by id`);
    return {
      applied: rows
        .filter((row) => row.is_applied)
        .map((row) => ({ key: row.version, label: row.version, appliedAt: row.applied_at })),
      undone: rows.filter((row) => !row.is_applied).map((row) => row.version),
    };
  },

  readFiles: (source) =>
    inNumericOrder(
      readEach(
        topLevel(source),
        (file) => {
          const named = nameOf(file);
          return named
            ? readFile(file, named, cutSections(source.lines(file), marker))
            : misnamed(file, "<digits>_<name>.sql");
        },
        (file) => (nameOf(file) && !file.endsWith("_test.go") ? stemOf(file) : undefined),
      ),
    ),

  keyOf: ({ version }) => asNumber(version),
});

function readFile(
  file: string,
  named: { version: string; name: string },
  sections: readonly Section[],
): ToolMigration | Refusal {
  const unknown = sections.find(({ words }) => words !== null && !KNOWN.has(words));
  if (unknown) {
    return { file, reason: `uses \`-- +goose ${unknown.words}\``, line: unknown.number };
  }
  const noTransaction = sections.some(({ words }) => words === "NO TRANSACTION");
  const parts: Record<"above" | "up" | "down", Line[]> = { above: [], up: [], down: [] };
  let part: keyof typeof parts = "above";
  for (const { words, lines } of sections) {
    if (words === "UP" || words === "DOWN") part = words === "UP" ? "up" : "down";
    parts[part].push(...lines);
  }
  if (!sections.some(({ words }) => words === "UP")) return { file, reason: "has no line `-- +goose Up`" };
  const stray = firstSql(parts.above);
  if (stray) return { file, reason: "has SQL above `-- +goose Up`", line: stray.number };
  const carried = (lines: readonly Line[]) => ({ file, lines: closed(lines), noTransaction });
  const hasDown = sections.some(({ words }) => words === "DOWN");
  return { ...named, file, up: carried(parts.up), down: hasDown ? carried(parts.down) : undefined };
}
