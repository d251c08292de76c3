import { sql } from "../../../sql/tag.ts";
import { tableSql, utc } from "../history-table.ts";
import { closed, cutSections, firstSql, type Refusal, type SourceDir, wholeFile } from "../source-dir.ts";
import { defineTool, type ToolMigration } from "../tool.ts";
import { misnamed, numbered, readEach, stemOf, topLevel, underscored, withoutUp } from "../tool-files.ts";

const marker = (text: string): string | undefined =>
  /^\s*--[\s-]*(up|down)\s+migration/i.exec(text)?.[1]?.toLowerCase();

export const nodePgMigrate = defineTool({
  name: "node-pg-migrate",
  table: "pgmigrations",
  columns: ["id", "name", "run_on"],

  async readHistory(db, table) {
    const rows = await db.rows<{ name: string; applied_at: string }>(
      sql`select name, ${utc(sql`run_on`)} as applied_at from ${tableSql(table)} order by run_on, id`,
    );
    return {
      applied: rows.map(({ name, applied_at }) => ({
        key: underscored(name.replace(/\.up$/, "")),
        label: name,
        appliedAt: applied_at,
      })),
    };
  },

  readFiles(source) {
    const files = readEach(topLevel(source), (file) => readFile(source, file), stemOf);
    return {
      ...files,
      migrations: files.migrations.toSorted((a, b) => timeOf(a.version) - timeOf(b.version)),
    };
  },

  keyOf: ({ version, name }) => underscored(`${version}_${name}`),
});

/** Numbers of 17 digits are a date, others are what they are, as in the tool. */
function timeOf(version: string): number {
  if (version.length !== 17) return Number(version);
  const [year, month, day, hour, minute, second, ms] = [4, 6, 8, 10, 12, 14, 17].map((end, i, ends) =>
    Number(version.slice(ends[i - 1] ?? 0, end)),
  ) as [number, number, number, number, number, number, number];
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

function readFile(source: SourceDir, file: string): ToolMigration | Refusal | "carried" {
  const stem = stemOf(file);
  const base = stem.replace(/\.(up|down)$/, "");
  const named = numbered(underscored(base));
  if (!named) return misnamed(file, "<number>_<name>.sql");
  const [up, down] = [`${base}.up.sql`, `${base}.down.sql`];
  if (file === down) return source.has(up) ? "carried" : withoutUp(file);
  if (file === up) {
    return {
      ...named,
      file,
      up: wholeFile(source, up),
      down: source.has(down) ? wholeFile(source, down) : undefined,
    };
  }
  const [head, ...sections] = cutSections(source.lines(file), marker);
  if (sections.length === 0) return { ...named, file, up: wholeFile(source, file) };
  const is = (word: string) => sections.filter(({ words }) => words === word);
  const [[upward, second], [downward, another]] = [is("up"), is("down")];
  const twice = second ?? another;
  if (twice) return { file, reason: `has a second \`-- ${twice.words} migration\``, line: twice.number };
  // Without the marker of one direction the tool runs the whole file that way, the other direction included.
  if (!upward) return { file, reason: "has no line `-- Up Migration`, though one for the way back" };
  const stray = firstSql(head!.lines);
  if (stray) return { file, reason: "has SQL above `-- Up Migration`", line: stray.number };
  const part = (section: { lines: typeof upward.lines }) => ({ file, lines: closed(section.lines) });
  return { ...named, file, up: part(upward), down: downward && part(downward) };
}
