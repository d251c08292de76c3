import { sql } from "../../../sql/tag.ts";
import { siblingSql, tableSql, utc } from "../history-table.ts";
import { closed, firstSql, type Line, type Part, type Refusal, type SourceDir } from "../source-dir.ts";
import { defineTool, type ToolMigration } from "../tool.ts";
import { fileWord, sequenceVersion, stemOf } from "../tool-files.ts";

const HEADER = /^\s*--\s*liquibase\s+formatted\s+sql\b(.*)$/i;
const CHANGESET = /^\s*--\s*changeset\s+(?:"([^"]+)"|([^":]+)):\s*(?:"([^"]+)"|(\S+))(.*)$/i;
const MISWRITTEN = /^\s*--\s*changeset\b/i;
const ATTRIBUTE = /(\w+):(?:"([^"]*)"|(\S+))/g;
const ROLLBACK = /^\s*--\s*rollback(?:\s(.*))?$/i;
const ROLLBACK_BLOCK = /^\s*\/\*\s*liquibase\s+rollback\s*$/i;
const OTHER = /^\s*--\s*(preconditions?|precondition-[\w-]+|property|ignoreLines|ignore)\b/i;

/** What `exectype` says of a changeset whose effect is there, and of one that was left out in good order. */
const APPLIED = ["EXECUTED", "RERAN", "MARK_RAN"];
const SETTLED: ReadonlySet<string> = new Set([...APPLIED, "SKIPPED"]);

type Attributes = ReadonlyMap<string, string>;

/** A text names a changeset that never ran on PostgreSQL. */
type Read = Omit<ToolMigration, "version"> | Refusal | string;

interface Changeset {
  readonly file: string;
  readonly id: string;
  readonly author: string;
  readonly attributes: Attributes;
  readonly number: number;
  readonly lines: readonly Line[];
}

interface Row {
  readonly id: string;
  readonly author: string;
  readonly filename: string;
  readonly exectype: string;
  readonly applied_at: string;
}

export const liquibaseSql = defineTool({
  name: "liquibase-sql",
  table: "databasechangelog",
  columns: ["id", "author", "filename", "dateexecuted", "orderexecuted", "exectype"],

  async readHistory(db, table) {
    const rows = await db.rows<Row>(sql`
      select id, author, filename, exectype, ${utc(sql`dateexecuted`)} as applied_at
      from ${tableSql(table)} order by dateexecuted, orderexecuted`);
    const lock = `${table.path[1]}lock`;
    const locked = table.siblings.has(lock)
      ? await db.rows(sql`select from ${siblingSql(table, lock)} where locked`)
      : [];
    const label = (row: Row) => `${row.filename}::${row.id}::${row.author}`;
    const was = (...types: string[]) => rows.filter((row) => types.includes(row.exectype));
    return {
      applied: was(...APPLIED).map((row) => ({
        key: changesetName(row),
        label: label(row),
        appliedAt: row.applied_at,
      })),
      warnings: was("SKIPPED").map((row) => `${label(row)} was skipped there, so it is not marked`),
      unclean: [
        ...rows.filter((row) => !SETTLED.has(row.exectype)).map((row) => `${label(row)} is ${row.exectype}`),
        ...locked.map(() => `${lock} is locked: a run is going on, or died`),
      ],
    };
  },

  readFiles(source) {
    const sqlFiles = source.files.filter((file) => file.endsWith(".sql"));
    const isChangelog = (file: string) => /\.(?:xml|ya?ml|json)$/.test(file);
    const read = refuseTwins(sqlFiles.flatMap((file) => readChangelog(source, file)));
    const migrations = read.flatMap((one, i) =>
      typeof one === "object" && "up" in one ? [{ ...one, version: sequenceVersion(i, read.length) }] : [],
    );
    return {
      migrations,
      refused: [
        ...read.filter((one): one is Refusal => typeof one === "object" && "reason" in one),
        ...source.files.filter(isChangelog).map((file) => ({
          file,
          reason:
            "is a changelog that is not SQL; files are taken in the order of their names, so take it away if that is right",
        })),
      ],
      ignored: [
        ...read.filter((one) => typeof one === "string"),
        ...source.files.filter((file) => !file.endsWith(".sql") && !isChangelog(file)),
      ],
    };
  },

  keyOf: ({ name }) => name,
});

/** How a changeset is called here, from what its history tells as well as its file. */
const changesetName = ({ filename, author, id }: { filename: string; author: string; id: string }): string =>
  [stemOf(filename), author, id].map(fileWord).join("_");

const attributesOf = (text: string): Attributes =>
  new Map(
    [...text.matchAll(ATTRIBUTE)].map(([, key, quoted, bare]) => [key!.toLowerCase(), quoted ?? bare!]),
  );

/** The changesets of a formatted SQL file, in order. */
function readChangelog(source: SourceDir, file: string): Read[] {
  const lines = source.lines(file).map(({ text, number }) => ({ text: text.replace(/\r$/, ""), number }));
  const [, settings] = HEADER.exec(lines[0]?.text ?? "") ?? [];
  if (settings === undefined) return [{ file, reason: "does not begin with `--liquibase formatted sql`" }];
  const miswritten = lines.find(({ text }) => MISWRITTEN.test(text) && !CHANGESET.test(text));
  if (miswritten) return [{ file, reason: `has \`${miswritten.text.trim()}\``, line: miswritten.number }];
  const starts = lines.flatMap(({ text }, i) => (CHANGESET.test(text) ? [i] : []));
  const head = lines.slice(1, starts[0]);
  const stray = head.find(({ text }) => OTHER.test(text)) ?? firstSql(head);
  if (starts.length === 0 && !stray) return [`${file} (no changeset)`];
  if (stray)
    return [{ file, reason: `has \`${stray.text.trim()}\` above its first changeset`, line: stray.number }];
  return starts.map((start, i) => {
    const [, quotedAuthor, author, quotedId, id, rest] = CHANGESET.exec(lines[start]!.text)!;
    return readChangeset({
      file,
      author: quotedAuthor ?? author!.trim(),
      id: quotedId ?? id!,
      attributes: new Map([...attributesOf(settings), ...attributesOf(rest!)]),
      number: lines[start]!.number,
      lines: source.lines(file).slice(start + 1, starts[i + 1]),
    });
  });
}

function readChangeset(set: Changeset): Read {
  const { file, author, id, attributes } = set;
  const dbms = attributes
    .get("dbms")
    ?.split(",")
    .map((word) => word.trim());
  if (dbms && !dbms.includes("postgresql") && !dbms.includes("all")) {
    return `${file} (changeset ${author}:${id}, for ${dbms.join(", ")})`;
  }
  const refuse = (reason: string, line = set.number) => ({
    file,
    reason: `changeset ${author}:${id} ${reason}`,
    line,
  });
  const attribute = whyNot(attributes);
  if (attribute !== undefined) return refuse(attribute);
  const marker = set.lines.find(({ text }) => OTHER.test(text));
  if (marker) return refuse(`uses \`${marker.text.trim()}\``, marker.number);
  const parameter = set.lines.find(({ text }) => /\$\{[^}]+\}/.test(text));
  if (parameter) return refuse(`uses a parameter: ${parameter.text.trim()}`, parameter.number);
  const { up, down } = cutRollback(set.lines);
  if (down.some(({ text }) => /^\s*changeset(?:Id|Path)\s*:/i.test(text)))
    return refuse("rolls back to another changeset");
  const filename = attributes.get("logicalfilepath") ?? file;
  return {
    name: changesetName({ filename, author, id }),
    file,
    up: {
      file,
      lines: closed(withSemicolons(up, attributes.get("enddelimiter"))),
      noTransaction: attributes.get("runintransaction") === "false",
    },
    down: downOf(file, down),
  };
}

/** Two that are called alike could not be told apart in the history. */
function refuseTwins(read: readonly Read[]): Read[] {
  const names = new Set<string>();
  return read.map((one) => {
    if (typeof one === "string" || "reason" in one) return one;
    if (names.has(one.name)) return { file: one.file, reason: `has a second changeset called ${one.name}` };
    names.add(one.name);
    return one;
  });
}

function whyNot(attributes: Attributes): string | undefined {
  const is = (key: string, value: string) => attributes.get(key)?.toLowerCase() === value;
  if (is("runalways", "true")) return "runs always; such SQL belongs in db/repeatable";
  if (is("runonchange", "true")) return "runs on change; such SQL belongs in db/repeatable";
  if (is("failonerror", "false")) return "may fail";
  if (is("ignore", "true")) return "is ignored";
  if (attributes.has("runorder")) return `runs ${attributes.get("runorder")}, wherever it stands`;
  const condition = ["context", "contexts", "contextfilter", "labels"].find((key) => attributes.has(key));
  return condition && `runs only for ${condition} ${attributes.get(condition)}`;
}

/** The way back stands in `--rollback` lines, or in a block comment. */
function cutRollback(lines: readonly Line[]): { up: Line[]; down: Line[] } {
  const [up, down]: [Line[], Line[]] = [[], []];
  let inBlock = false;
  for (const line of lines) {
    const text = line.text.replace(/\r$/, "");
    const rollback = ROLLBACK.exec(text);
    if (inBlock) {
      if (/^\s*\*\/\s*$/.test(text)) inBlock = false;
      else down.push(line);
    } else if (ROLLBACK_BLOCK.test(text)) inBlock = true;
    else if (rollback) down.push({ text: rollback[1] ?? "", number: line.number });
    else up.push(line);
  }
  return { up, down };
}

/** A line that is nothing but the delimiter ends a statement. */
const withSemicolons = (lines: readonly Line[], delimiter: string | undefined): readonly Line[] =>
  delimiter === undefined || delimiter === ";"
    ? lines
    : lines.map((line) =>
        line.text.trim() === delimiter.replaceAll("\\", "") ? { ...line, text: ";" } : line,
      );

function downOf(file: string, lines: readonly Line[]): Part | undefined {
  if (lines.length === 0) return undefined;
  const words = lines
    .map(({ text }) => text.trim().toLowerCase())
    .join(" ")
    .trim();
  if (words !== "empty" && words !== "not required") return { file, lines: closed(lines) };
  return {
    file,
    lines: [
      { text: `-- rollback: ${words}`, number: lines[0]!.number },
      { text: "", number: lines[0]!.number },
    ],
    isNothing: true,
  };
}
