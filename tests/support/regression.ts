import { spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { Connection } from "../../src/pg/connection.ts";
import { withDatabase } from "../../src/scratch/database-url.ts";
import { sql } from "../../src/sql/tag.ts";
import { clientProgram } from "./pg-dump.ts";

/** What one file of PostgreSQL's own regression tests did. */
export interface RegressionRun {
  readonly file: string;
  /** Most are wanted. */
  readonly errors: number;
  /** Those that the file's expected output does not have. */
  readonly unexpected: readonly string[];
}

/** As pg_regress sets them. */
const SETTINGS = [
  "lc_messages to 'C'",
  "lc_monetary to 'C'",
  "lc_numeric to 'C'",
  "lc_time to 'C'",
  "bytea_output to 'hex'",
  "timezone_abbreviations to 'Default'",
];
const FILE_TIMEOUT_MS = 180_000;

/** `src/test/regress` of the sources, as `scripts/regression-sources.sh` brings them. */
const sources = process.env["CONFITURE_TEST_REGRESS"];

/** Whether PostgreSQL's own tests of a major version are at hand. */
export const hasRegressionTests = (major: number): boolean =>
  sources !== undefined && majorOf(sources) === major;

const majorOf = (folder: string): number =>
  Number(
    /^AC_INIT\(\[PostgreSQL\], \[(\d+)/m.exec(
      readFileSync(join(folder, "../../../configure.ac"), "utf8"),
    )?.[1],
  );

/** The database that PostgreSQL's own tests leave behind; disposing takes away the libraries that it uses. */
export interface Regression extends Disposable {
  readonly url: string;
  readonly runs: readonly RegressionRun[];
}

/** Runs all tests of the schedule one by one, in a new database of the server at `url`. */
export async function loadRegression(url: string, folder = sources ?? ""): Promise<Regression> {
  const database = withDatabase(url, "regression");
  await using db = await Connection.open(url);
  await db.run(sql`create database regression template template0`);
  for (const setting of SETTINGS) await db.run(sql.raw(`alter database regression set ${setting}`));
  const readable = readableCopy(resolve(folder));
  const running = { psql: resolve(clientProgram("psql", majorOf(folder))), folder: readable, url: database };
  const runs: RegressionRun[] = [];
  for (const file of scheduled(readable)) runs.push(await runFile(running, file));
  return {
    url: database,
    runs,
    [Symbol.dispose]: () => rmSync(readable, { recursive: true, force: true }),
  };
}

/** The server reads data and writes results as another user. */
function readableCopy(folder: string): string {
  const copy = mkdtempSync(join(tmpdir(), "cft-regress-"));
  cpSync(folder, copy, { recursive: true });
  chmodSync(copy, 0o755);
  for (const made of ["results", "testtablespace"]) {
    mkdirSync(join(copy, made), { recursive: true });
    chmodSync(join(copy, made), 0o777);
  }
  return copy;
}

/** In the order of the schedule; the files of a group run one by one. */
const scheduled = (folder: string): string[] =>
  readFileSync(join(folder, "parallel_schedule"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("test:"))
    .flatMap((line) => line.slice("test:".length).trim().split(/\s+/));

interface Running {
  readonly psql: string;
  readonly folder: string;
  readonly url: string;
}

async function runFile({ psql, folder, url }: Running, file: string): Promise<RegressionRun> {
  const hidden = ["HIDE_TABLEAM", "HIDE_TOAST_COMPRESSION"].flatMap((name) => ["-v", `${name}=on`]);
  const input = openSync(join(folder, "sql", `${file}.sql`), "r");
  const running = spawn(psql, ["-X", "-a", "-q", ...hidden, "-d", url], {
    cwd: folder,
    stdio: [input, "ignore", "pipe"],
    timeout: FILE_TIMEOUT_MS,
    env: {
      ...process.env,
      PGTZ: "PST8PDT",
      PGDATESTYLE: "Postgres, MDY",
      PGOPTIONS: "-c intervalstyle=postgres_verbose",
      PG_ABS_SRCDIR: folder,
      PG_ABS_BUILDDIR: folder,
      PG_LIBDIR: folder,
      PG_DLSUFFIX: ".so",
    },
  });
  closeSync(input);
  const ended = new Promise<number | null>((done, fail) => running.once("error", fail).once("close", done));
  const errors = errorsIn(await text(running.stderr!));
  if ((await ended) !== 0) errors.push("psql did not come to the end of the file");
  return { file, errors: errors.length, unexpected: unexpected(errors, expectedErrors(folder, file)) };
}

const errorsIn = (output: string): string[] => output.split("\n").filter((line) => line.startsWith("ERROR:"));

/** Of each output that is right on some machine. */
const expectedErrors = (folder: string, file: string): string[][] =>
  readdirSync(join(folder, "expected"))
    .filter(
      (name) =>
        name === `${file}.out` ||
        (name.startsWith(`${file}_`) && /^\d\.out$/.test(name.slice(file.length + 1))),
    )
    .map((name) => errorsIn(readFileSync(join(folder, "expected", name), "utf8")));

/** What the most similar output lacks. */
function unexpected(errors: readonly string[], outputs: readonly (readonly string[])[]): string[] {
  const lacking = outputs.map((output) => {
    const left = [...output];
    return errors.filter((line) => {
      const at = left.indexOf(line);
      if (at !== -1) left.splice(at, 1);
      return at === -1;
    });
  });
  return lacking.toSorted((a, b) => a.length - b.length)[0] ?? [...errors];
}
