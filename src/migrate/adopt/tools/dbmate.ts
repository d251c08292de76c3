import { sql } from "../../../sql/tag.ts";
import { tableSql } from "../history-table.ts";
import { closed, cutSections, firstSql, type Part, type Refusal, type Section } from "../source-dir.ts";
import { defineTool, type ToolMigration } from "../tool.ts";
import { misnamed, numbered, readEach, stemOf, topLevel, underscored } from "../tool-files.ts";

const marker = (text: string): string | undefined => /^--\s*migrate:((?:up|down)(?:\s.*)?)$/.exec(text)?.[1];

export const dbmate = defineTool({
  name: "dbmate",
  table: "schema_migrations",
  columns: ["version"],
  isOwn: ({ columns, siblings }) =>
    columns.get("version") === "character varying" &&
    !columns.has("dirty") &&
    !siblings.has("ar_internal_metadata"),

  async readHistory(db, table) {
    const rows = await db.rows<{ version: string }>(
      sql`select version from ${tableSql(table)} order by version collate "C"`,
    );
    return {
      applied: rows.map(({ version }) => ({ key: version, label: version, appliedAt: null })),
    };
  },

  readFiles: (source) =>
    readEach(topLevel(source), (file) => {
      const named = numbered(underscored(stemOf(file)));
      return named
        ? readFile(file, named, cutSections(source.lines(file), marker))
        : misnamed(file, "<digits>_<name>.sql");
    }),

  keyOf: ({ version }) => version,
});

function readFile(
  file: string,
  named: { version: string; name: string },
  [head, ...sections]: readonly Section[],
): ToolMigration | Refusal {
  const is = (word: string) => sections.filter(({ words }) => words!.split(/\s/)[0] === word);
  const [[up, secondUp], [down, secondDown]] = [is("up"), is("down")];
  const stray = firstSql(head!.lines);
  if (!up) return { file, reason: "has no line `-- migrate:up`" };
  if (stray) return { file, reason: "has SQL above `-- migrate:up`", line: stray.number };
  const second = secondUp ?? secondDown;
  if (second) return { file, reason: `has a second \`-- migrate:${second.words}\``, line: second.number };
  if (down && down.number < up.number) {
    return { file, reason: "has `-- migrate:down` above `-- migrate:up`", line: down.number };
  }
  const part = ({ words, lines }: Section): Part => ({
    file,
    lines: closed(lines),
    noTransaction: /\btransaction:\s*false\b/.test(words!),
  });
  return { ...named, file, up: part(up), down: down && part(down) };
}
