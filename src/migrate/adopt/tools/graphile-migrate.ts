import { posix } from "node:path";
import { sql } from "../../../sql/tag.ts";
import { tableSql, utc } from "../history-table.ts";
import { firstSql, type Line, type Refusal, type SourceDir } from "../source-dir.ts";
import { defineTool, type ToolMigration } from "../tool.ts";
import { asNumber, inNumericOrder, misnamed, readEach } from "../tool-files.ts";

const FILE = /^(\d+)(?:-([-_a-zA-Z0-9]*))?\.sql$/;
const HEADER = /^--! ([A-Z][a-zA-Z0-9_]*)(?::.*)?\r?$/;

/** What the tool replaces before it runs a file; a cast has two colons. */
const PLACEHOLDER = /(?<!:):[A-Z][0-9A-Z_]+\b/;

export const graphileMigrate = defineTool({
  name: "graphile-migrate",
  table: "graphile_migrate.migrations",
  columns: ["hash", "previous_hash", "filename", "date"],

  async readHistory(db, table) {
    const rows = await db.rows<{ filename: string; applied_at: string }>(
      sql`select filename, ${utc(sql`date`)} as applied_at from ${tableSql(table)} order by filename`,
    );
    return {
      applied: rows.map(({ filename, applied_at }) => ({
        key: asNumber(/^\d*/.exec(filename)![0]),
        label: filename,
        appliedAt: applied_at,
      })),
    };
  },

  readFiles: (source) => inNumericOrder(readEach(source.files, (file) => readFile(source, file))),

  keyOf: ({ version }) => asNumber(version),
});

function readFile(source: SourceDir, file: string): ToolMigration | Refusal | "ignored" {
  const folder = posix.dirname(file);
  const lines = source.lines(file);
  if (posix.basename(file) === "current.sql" || folder.split("/").includes("current")) {
    return firstSql(lines) ? { file, reason: "is not committed yet; commit it, or empty it" } : "ignored";
  }
  if (folder !== "committed" && folder !== ".") return "ignored";
  const [, version, slug] = FILE.exec(posix.basename(file)) ?? [];
  if (version === undefined) return folder === "." ? "ignored" : misnamed(file, "<digits>-<name>.sql");
  const placeholder = lines.find(({ text }) => PLACEHOLDER.test(text));
  if (placeholder) {
    const [name] = PLACEHOLDER.exec(placeholder.text)!;
    return { file, reason: `uses the placeholder ${name}`, line: placeholder.number };
  }
  return { version, name: slug || "migration", file, up: { file, ...bodyOf(lines) } };
}

/** What stands below the headers; the marker for running outside a transaction is its first line. */
function bodyOf(lines: readonly Line[]): { lines: readonly Line[]; noTransaction: boolean } {
  const end = lines.findIndex(({ text }) => !HEADER.test(text));
  const start = lines.findIndex(({ text }, i) => i >= end && text.trim() !== "");
  const body = start === -1 ? [] : lines.slice(start);
  const noTransaction = /^--!\s*no-transaction\b/.test(body[0]?.text ?? "");
  return { lines: noTransaction ? body.slice(1) : body, noTransaction };
}
