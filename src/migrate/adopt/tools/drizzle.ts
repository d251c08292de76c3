import * as z from "zod";
import { sql } from "../../../sql/tag.ts";
import { tableSql } from "../history-table.ts";
import { type Refusal, type SourceDir, wholeFile } from "../source-dir.ts";
import { defineTool, type ToolFiles, type ToolMigration } from "../tool.ts";
import { fileWord } from "../tool-files.ts";

const JOURNAL = "meta/_journal.json";

const journal = z.object({ entries: z.array(z.object({ when: z.int(), tag: z.string() })) });

export const drizzle = defineTool({
  name: "drizzle",
  table: "drizzle.__drizzle_migrations",
  columns: ["id", "hash", "created_at"],

  /** `created_at` is the journal's `when`: the time a migration was made, not when it ran. */
  async readHistory(db, table) {
    const rows = await db.rows<{ created_at: string | null; hash: string }>(
      sql`select created_at::text, hash from ${tableSql(table)} order by id`,
    );
    return {
      applied: rows.map(({ created_at, hash }) => ({
        key: created_at === null ? hash : versionOf(Number(created_at)),
        label: created_at ?? hash,
        appliedAt: null,
      })),
    };
  },

  readFiles(source) {
    const entries = readJournal(source);
    if ("reason" in entries) return { migrations: [], refused: [entries], ignored: [] };
    const listed = new Set(entries.map(({ tag }) => `${tag}.sql`));
    const read = entries.map((entry) => readEntry(source, entry));
    const others = source.files.filter((file) => !listed.has(file));
    return {
      migrations: read.filter((one): one is ToolMigration => !("reason" in one)),
      refused: [
        ...read.filter((one): one is Refusal => "reason" in one),
        ...others
          .filter((file) => file.endsWith(".sql"))
          .map((file) => ({ file, reason: `is not in ${JOURNAL}` })),
      ],
      ignored: others.filter((file) => !file.endsWith(".sql")),
    } satisfies ToolFiles;
  },

  keyOf: ({ version }) => version,
});

/** Milliseconds as a version: YYYYMMDDHHMMSS in UTC. */
const versionOf = (ms: number): string => new Date(ms).toISOString().replaceAll(/\D/g, "").slice(0, 14);

type Entry = z.infer<typeof journal>["entries"][number];

function readJournal(source: SourceDir): readonly Entry[] | Refusal {
  if (!source.has(JOURNAL)) return { file: JOURNAL, reason: "is not there, so the order is unknown" };
  try {
    const text = source.lines(JOURNAL).map((line) => line.text);
    return journal.parse(JSON.parse(text.join("\n"))).entries;
  } catch {
    return { file: JOURNAL, reason: "is no journal with `entries` of `when` and `tag`" };
  }
}

function readEntry(source: SourceDir, { when, tag }: Entry): ToolMigration | Refusal {
  const file = `${tag}.sql`;
  if (!source.has(file)) return { file, reason: `is in ${JOURNAL}, but not there` };
  const name = fileWord(tag.replace(/^\d+_/, ""));
  // Breakpoints are SQL comments, so the bytes can stay as they are.
  return { version: versionOf(when), name, file, up: wholeFile(source, file) };
}
