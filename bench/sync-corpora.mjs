// A database of public data is copied with the rules that `sync init` proposes: twice with one key, once with another.
// Foreign keys must hold, joins find what they found, the search of all rows find nothing, the two copies be the same
// byte for byte, and the third another one.
//
//   node bench/sync-corpora.mjs FOLDER [--keep table.column …] [--null table.column …]
//
// FOLDER has `db/schema/*.sql`, `data/*.sql`, and in `data/` perhaps a file of constraints, `*constraints.sql`.
// --keep: the words of the column are names by nature, and it is not searched; --null: the column is emptied.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseDocument } from "yaml";
import { cli } from "./database.mjs";
import { lend, load, withDurableServer } from "./sources.mjs";

const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    keep: { type: "string", multiple: true, default: [] },
    null: { type: "string", multiple: true, default: [] },
  },
});
const [data] = positionals;
const { Connection } = await load("src/pg/connection.ts");
const { parseScript } = await load("src/sql/parse-script.ts");
const { runScript } = await load("src/pg/run-script.ts");
const { sql } = await load("src/sql/tag.ts");

const folder = mkdtempSync(join(tmpdir(), "confiture-bench-"));
const filesIn = (part) =>
  readdirSync(join(data, part))
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => join(data, part, name));
const isConstraints = (file) => file.endsWith("constraints.sql");

async function apply(url, files) {
  for (const file of files) {
    const script = await parseScript({ text: readFileSync(file, "utf8"), file }, "SQL_001");
    await lend(Connection.open(url), (db) => runScript(db, script));
  }
}

function confiture(words, key) {
  const child = spawnSync(process.execPath, [cli, ...words, "--format", "json"], {
    encoding: "utf8",
    env: { ...process.env, CONFITURE_SYNC_KEY: key },
    maxBuffer: 1e9,
  });
  if (child.status !== 0) throw new Error(`exit ${child.status}: ${child.stdout}${child.stderr}`);
  return JSON.parse(child.stdout);
}

/** What stands in each table, in the order in which it lies there. */
const contents = (url) =>
  lend(Connection.open(url), async (db) => {
    const tables = await db.rows(
      sql`select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`,
    );
    const hashes = {};
    for (const { name } of tables) {
      const [row] = await db.rows(
        sql.raw(`select count(*)::int as rows, md5(string_agg(t::text, E'\\n')) as hash from ${name} t`),
      );
      hashes[name] = `${row.rows} ${row.hash}`;
    }
    return hashes;
  });

const invalidKeys = (url) =>
  lend(Connection.open(url), async (db) => {
    const keys = await db.rows(
      sql`select conname, conrelid::regclass::text as of, convalidated from pg_constraint where contype = 'f'`,
    );
    return { keys: keys.length, invalid: keys.filter((key) => !key.convalidated).length };
  });

/** The proposal, changed where the flags say so. */
function writeRules(source) {
  const file = join(folder, "rules.yaml");
  confiture(["sync", "init", "--from", source, "--anonymization-config", file], "unused, sixteen letters");
  const rules = parseDocument(readFileSync(file, "utf8"));
  const set = (column, rule) => {
    const [table, name] = column.split(".");
    rules.setIn(["tables", `public.${table}`, "columns", name], rule);
  };
  for (const column of options.keep) set(column, { anonymizer: "keep", searched: false });
  for (const column of options.null) set(column, "null");
  writeFileSync(file, String(rules));
  return file;
}

await withDurableServer(async (server) => {
  const source = await server.database("source");
  await apply(source, [...filesIn("db/schema"), ...filesIn("data")]);
  const rules = writeRules(source);
  const copies = [];
  for (const [name, key] of [
    ["first", "the key of the first two"],
    ["second", "the key of the first two"],
    ["third", "quite another key, as long"],
  ]) {
    const target = await server.database(name);
    await apply(target, [...filesIn("db/schema"), ...filesIn("data").filter(isConstraints)]);
    const words = ["sync", "--from", source, "--to", target, "--anonymize", "--anonymization-config", rules];
    const result = confiture([...words, "--scan", "full", "--replace", "--schema-check"], key);
    copies.push({ result, hashes: await contents(target), keys: await invalidKeys(target) });
  }
  const [first, second, third] = copies;
  const before = await contents(source);
  const differing = (a, b) => Object.keys(a).filter((table) => a[table] !== b[table]).length;
  const { total_rows: rows, leak_scan: scan, joins } = first.result;
  console.log(`${data.split("/").at(-1)}: ${rows} rows of ${Object.keys(before).length} tables`);
  console.log(`two copies by one key differ in ${differing(first.hashes, second.hashes)} tables`);
  console.log(
    `another key: ${differing(first.hashes, third.hashes)} tables differ; from the source: ${differing(first.hashes, before)}`,
  );
  console.log(`foreign keys: ${first.keys.keys}, not valid: ${first.keys.invalid}`);
  console.log(`joins: ${joins.length}, all as before: ${joins.every((join) => join.before === join.after)}`);
  console.log(
    `searched for ${scan.values} values (${scan.extent}): ${scan.leaks.length} found; unsearched: ${scan.unsearched.join(", ") || "none"}`,
  );
});
rmSync(folder, { recursive: true });
