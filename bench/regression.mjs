// PostgreSQL's own regression tests leave a database with every kind of object there is. Loads it, counts what the
// snapshot sees of it, and builds it anew from that, with pg_dump as the judge.
//
//   node bench/regression.mjs FOLDER [--major 15]
//
// FOLDER is src/test/regress of the server's own sources (`apt-get source postgresql-15`), with regress.so, refint.so
// and autoinc.so built in it (headers: postgresql-server-dev-15). Needs psql.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { connected, judge, snapshotOf } from "./judge.mjs";
import { lend, load, withScratch } from "./sources.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { major: { type: "string", default: "15" } },
});
const folder = resolve(positionals[0] ?? ".");

const { withDatabase } = await load("src/scratch/database-url.ts");
const { dumpOf } = await load("tests/support/pg-dump.ts");
const { sql } = await load("src/sql/tag.ts");

/** As pg_regress sets them. */
const SETTINGS = [
  "lc_messages to 'C'",
  "lc_monetary to 'C'",
  "lc_numeric to 'C'",
  "lc_time to 'C'",
  "bytea_output to 'hex'",
  "timezone_abbreviations to 'Default'",
];
const ENVIRONMENT = {
  PGTZ: "PST8PDT",
  PGDATESTYLE: "Postgres, MDY",
  PGOPTIONS: "-c intervalstyle=postgres_verbose",
  PG_ABS_SRCDIR: folder,
  PG_ABS_BUILDDIR: folder,
  PG_LIBDIR: folder,
  PG_DLSUFFIX: ".so",
};
const FILE_TIMEOUT_MS = 180_000;
/** They make and drop databases, tablespaces or subscriptions of the whole server, or only measure it. */
const LEFT_OUT = new Set(["tablespace", "stats", "infinite_recurse", "numeric_big"]);

/** In the order of the schedule; the tests of a group run one by one. */
function scheduledTests() {
  const schedule = join(folder, "parallel_schedule");
  const tests = existsSync(schedule)
    ? readFileSync(schedule, "utf8")
        .split("\n")
        .filter((line) => line.startsWith("test:"))
        .flatMap((line) => line.slice("test:".length).trim().split(" "))
    : ["test_setup", ...sqlFiles().filter((test) => test !== "test_setup")];
  return tests.filter((test) => test !== "" && !LEFT_OUT.has(test));
}

const sqlFiles = () =>
  readdirSync(join(folder, "sql"))
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.slice(0, -".sql".length))
    .sort();

/** Errors are part of the tests; a file that ends the session or hangs is reported. */
function runTest(url, test) {
  const { status, signal, stderr } = spawnSync(
    "psql",
    [
      "-X",
      "-q",
      "-a",
      "-v",
      "HIDE_TABLEAM=on",
      "-v",
      "HIDE_TOAST_COMPRESSION=on",
      "-d",
      url,
      "-f",
      join(folder, "sql", `${test}.sql`),
    ],
    {
      encoding: "utf8",
      stdio: ["ignore", "ignore", "pipe"],
      timeout: FILE_TIMEOUT_MS,
      maxBuffer: 2 ** 28,
      env: { ...process.env, ...ENVIRONMENT },
    },
  );
  if (status !== 0) console.log(`  ${test}: psql ended with ${signal ?? status}`);
  return stderr.split("\n").filter((line) => line.includes("ERROR:")).length;
}

await withScratch(Number(options.major), (scratch) =>
  lend(scratch.create(), async (empty) => {
    const url = withDatabase(empty.url, "regression");
    await connected(empty.url, async (db) => {
      await db.run(sql`create database regression template template0`);
      for (const setting of SETTINGS) await db.run(sql.raw(`alter database regression set ${setting}`));
    });
    const tests = scheduledTests();
    const errors = tests.map((test) => runTest(url, test));
    console.log(
      `${tests.length} files, ${errors.reduce((sum, count) => sum + count, 0)} errors (most are wanted)`,
    );
    const snapshot = await snapshotOf(url);
    for (const [kind, rows] of Object.entries(snapshot.objects)) console.log(`  ${kind}: ${rows.length}`);
    console.log(`pg_dump: ${(await dumpOf(url)).length} statements`);
    const { what, why, steps } = await lend(scratch.create(), (fresh) => judge(empty.url, url, fresh.url));
    console.log(`built anew: ${what} (${steps.length} steps)\n${why}`);
  }),
);
