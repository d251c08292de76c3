import { ConfitureError } from "../../../base/errors.ts";
import { sql } from "../../../sql/tag.ts";
import { tableSql, utc } from "../history-table.ts";
import { type Refusal, type SourceDir, wholeFile } from "../source-dir.ts";
import { defineTool, type ToolMigration } from "../tool.ts";
import { fileWord, sequenceVersion } from "../tool-files.ts";

const PLAN = "sqitch.plan";

export const sqitch = defineTool({
  name: "sqitch",
  table: "sqitch.changes",
  columns: ["change_id", "change", "project", "committed_at", "planned_at"],

  /** A change that was reworked stands there once for each time it was deployed. */
  async readHistory(db, table) {
    const rows = await db.rows<{ change: string; project: string; applied_at: string }>(sql`
      select change, project, ${utc(sql`committed_at`)} as applied_at
      from ${tableSql(table)} order by committed_at, planned_at`);
    const projects = [...new Set(rows.map((row) => row.project))];
    if (projects.length > 1) {
      throw new ConfitureError(
        "ADOPT_001",
        `${table.path.join(".")} holds several projects: ${projects.join(", ")}`,
        {
          actionable: "Use --through instead, with the directory of one of them.",
          details: { projects },
        },
      );
    }
    return {
      applied: rows.map((row) => ({
        key: fileWord(row.change),
        label: row.change,
        appliedAt: row.applied_at,
      })),
    };
  },

  readFiles(source) {
    if (!source.has(PLAN)) {
      return {
        migrations: [],
        refused: [{ file: PLAN, reason: "is not there, so the order is unknown" }],
        ignored: [],
      };
    }
    const changes = readPlan(source);
    const read = changes.map((change, i) => readChange(source, change, sequenceVersion(i, changes.length)));
    const planned = new Set(changes.flatMap(({ file }) => FOLDERS.map((folder) => `${folder}/${file}.sql`)));
    const others = source.files.filter((file) => file !== PLAN && !planned.has(file));
    const isScript = (file: string) => file.endsWith(".sql");
    return {
      migrations: read.filter((one): one is ToolMigration => !("reason" in one)),
      refused: [
        ...read.filter((one): one is Refusal => "reason" in one),
        ...others.filter(isScript).map((file) => ({ file, reason: `is not in ${PLAN}` })),
      ],
      ignored: others.filter((file) => !isScript(file)),
    };
  },

  keyOf: ({ name }) => name,
});

const FOLDERS = ["deploy", "revert", "verify"] as const;

interface Change {
  readonly name: string;
  /** Name of its scripts: with the next tag when the change is reworked further down. */
  readonly file: string;
  readonly line: number;
}

/** The changes of a plan in order: one a line, its name first; tags begin with `@`, pragmas with `%`. */
function readPlan(source: SourceDir): Change[] {
  const entries = source
    .lines(PLAN)
    .map(({ text, number }) => ({ word: /^\s*\+?\s*([^\s#%+[][^\s[]*)/.exec(text)?.[1], line: number }))
    .filter((entry): entry is { word: string; line: number } => entry.word !== undefined);
  return entries.flatMap(({ word, line }, i) => {
    if (word.startsWith("@")) return [];
    const later = entries.slice(i + 1);
    const tag = later.some((other) => other.word === word)
      ? later.find((other) => other.word.startsWith("@"))
      : undefined;
    return [{ name: word, file: `${word}${tag?.word ?? ""}`, line }];
  });
}

function readChange(
  source: SourceDir,
  { name, file, line }: Change,
  version: string,
): ToolMigration | Refusal {
  const [deploy, revert, verify] = FOLDERS.map((folder) => `${folder}/${file}.sql`) as [
    string,
    string,
    string,
  ];
  if (name.startsWith("-")) return { file: PLAN, reason: `reverts ${name.slice(1)}`, line };
  if (!source.has(deploy)) return { file: deploy, reason: `is in ${PLAN}, but not there` };
  const part = (path: string) => (source.has(path) ? wholeFile(source, path) : undefined);
  return {
    version,
    name: fileWord(name),
    file: deploy,
    up: wholeFile(source, deploy),
    down: part(revert),
    verify: part(verify),
  };
}
