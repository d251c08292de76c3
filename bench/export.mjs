// Does `confiture export` write what a database is? Every schema of some folders is loaded, exported, built again from
// the files, and compared, with pg_dump as the judge.
//
//   node bench/export.mjs FOLDER… [--major 15] [--keep FOLDER]
//
// A folder holds `db/schema/**.sql`, or one schema for each `dump/<case>/raw.sql` or `dump/<case>.sql`.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { lend, load, withScratch } from "./sources.mjs";

const { values: options, positionals: corpora } = parseArgs({
  allowPositionals: true,
  options: {
    major: { type: "string", default: "15" },
    /** Where the exports stay. */
    keep: { type: "string" },
  },
});

const { silentLog } = await load("src/base/log.ts");
const { applyScripts, parseSources } = await load("src/build/apply.ts");
const { readSources } = await load("src/build/sources.ts");
const { Connection } = await load("src/pg/connection.ts");
const { makeRoles } = await load("src/scratch/roles.ts");
const { statementFacts } = await load("src/sql/facts.ts");
const { parseScript } = await load("src/sql/parse-script.ts");
const { sql } = await load("src/sql/tag.ts");
const { exportSchema } = await load("src/workflows/export/export-schema.ts");
const { dumpOf } = await load("tests/support/pg-dump.ts");

const connected = (url, work) => lend(Connection.open(url), work);

const sqlIn = (folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".sql"));

/** `{ name, text }` of each schema in a folder. */
function schemasIn(folder) {
  const dir = join(folder, "db/schema");
  if (existsSync(dir)) {
    const sources = readSources({ projectDir: folder, includeDirs: [{ path: "db/schema" }] });
    return [{ name: basename(folder), text: sources.map(({ text }) => text).join("\n") }];
  }
  const dump = join(folder, "dump");
  return sqlIn(dump).map((file) => ({
    name: `${basename(folder)}/${file}`,
    text: readFileSync(join(dump, file), "utf8"),
  }));
}

/** Runs what the server takes; gives what it refuses. Copied rows and psql's commands are left out. */
async function loadInto(db, text) {
  const { statements } = await parseScript({ text: text.replaceAll(/^\\.*$/gm, "") }, "SCHEMA_200");
  const roles = statements.flatMap((statement) =>
    [...statementFacts(statement).uses, ...statementFacts(statement).defines]
      .filter(({ type }) => type === "role")
      .map(({ name }) => name),
  );
  await makeRoles(db, new Set(roles));
  const refused = [];
  for (const statement of statements) {
    if (statement.kind === "CopyStmt" || statement.kind === "CreateRoleStmt") continue;
    try {
      await db.run(sql.raw(statement.text));
    } catch (error) {
      refused.push(`${error.message} in: ${statement.text.slice(0, 100)}`);
    }
  }
  return refused;
}

async function judge(scratch, { name, text }, folder) {
  return lend(scratch.create(), async ({ url }) => {
    const refused = await connected(url, (db) => loadInto(db, text));
    const started = performance.now();
    const target = { url, environment: {}, migrationsDir: "", trackingTable: "tb_confiture", log: silentLog };
    const scratchOptions = { major: scratch.major, projectDir: "tests/majors" };
    const result = await exportSchema(target, {
      projectDir: folder,
      directory: name,
      scratch: scratchOptions,
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const sources = readSources({ projectDir: folder, includeDirs: [{ path: name }] });
    return lend(scratch.create(), async (fresh) => {
      const applied = await connected(fresh.url, async (db) => applyScripts(db, await parseSources(sources)));
      const [is, should] = await Promise.all([dumpOf(fresh.url), dumpOf(url)]);
      return { result, refused, seconds, deferred: applied.deferred, is, should };
    });
  });
}

const folder = options.keep ?? mkdtempSync(join(tmpdir(), "confiture-bench-export-"));
mkdirSync(folder, { recursive: true });
await withScratch(Number(options.major), async (scratch) => {
  for (const schema of corpora.flatMap(schemasIn)) {
    try {
      const { result, refused, seconds, deferred, is, should } = await judge(scratch, schema, folder);
      const verdict = isDeepStrictEqual(is, should) ? "same" : "DIFFERS";
      console.log(
        `${schema.name}: ${verdict}; ${result.objects} objects in ${result.files.length} files, ${seconds} s, ` +
          `${deferred} deferred, ${result.files.filter((file) => file.includes("rest.sql")).length} rest, ` +
          `${refused.length} statement(s) refused on load`,
      );
      for (const line of is.filter((one) => !should.includes(one))) console.log(`    is:     ${line}`);
      for (const line of should.filter((one) => !is.includes(one))) console.log(`    should: ${line}`);
    } catch (error) {
      console.log(`${schema.name}: FAILED ${error.code} ${error.message}`);
      console.log(`    ${JSON.stringify(error.context?.details ?? error.stack)?.slice(0, 600)}`);
    }
  }
});
if (options.keep === undefined) rmSync(folder, { recursive: true });
