// Does a plan lead where it says? Both ways between the two sides of every pair of schemas in some folders, with
// pg_dump as the judge.
//
//   node bench/converge.mjs tests/corpus FOLDER… [--major 15] [--only CASE] [--partly] [--empty]
//
// A folder holds `<case>/{a,b}.sql`, or `pairs/<case>/{old,new}.sql`, perhaps with a `setup.sql` for both and a
// `roles.txt`. Statements that a server refuses are left out on their side, and counted.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { connected, judge } from "./judge.mjs";
import { lend, load, withScratch } from "./sources.mjs";

const { values: options, positionals: corpora } = parseArgs({
  allowPositionals: true,
  options: {
    major: { type: "string", default: "15" },
    /** One case: its plans, and what pg_dump says differs after them. */
    only: { type: "string" },
    /** Say which statements are left out, and why. */
    partly: { type: "boolean", default: false },
    /** From and to an empty database as well. */
    empty: { type: "boolean", default: false },
  },
});

const { parseScript } = await load("src/sql/parse-script.ts");
const { identSql, sql } = await load("src/sql/tag.ts");

const ROLES = ["corpus_other", "corpus_owner", "corpus_reader"];
const AT_ONCE = 3;

function readCorpus(folder) {
  const isOurs = !existsSync(join(folder, "pairs"));
  const [root, ...names] = isOurs
    ? [folder, "a.sql", "b.sql"]
    : [join(folder, "pairs"), "old.sql", "new.sql"];
  const rolesFile = join(folder, "roles.txt");
  const cases = readdirSync(root)
    .filter((name) => options.only === undefined || name === options.only)
    .sort()
    .map((name) => {
      const read = (file) =>
        existsSync(join(root, name, file)) ? readFileSync(join(root, name, file), "utf8") : "";
      const sides = names.map((file) => read("setup.sql") + read(file));
      const needs = Number(sides[0].match(/^-- postgresql >= (\d+)/)?.[1] ?? 13);
      return { name, sides: options.empty ? [...sides, ""] : sides, needs };
    })
    .filter(({ needs }) => needs <= Number(options.major));
  const roles = existsSync(rolesFile) ? readFileSync(rolesFile, "utf8").split("\n").filter(Boolean) : ROLES;
  return { folder, cases, roles };
}

const makeRoles = (scratch, roles) =>
  lend(scratch.create(), ({ url }) =>
    connected(url, async (db) => {
      const known = new Set((await db.rows(sql`select rolname from pg_roles`)).map(({ rolname }) => rolname));
      for (const role of roles)
        if (!known.has(role) && !role.startsWith("pg_")) await db.run(sql`create role ${identSql(role)}`);
    }),
  );

/** A database of one side, cloned at each call; `refused` says which statements are left out. */
function sideOf(scratch, key, text) {
  const refused = [];
  const build = async (db) => {
    const { statements } = await parseScript({ text }, "SCHEMA_200");
    for (const statement of statements) {
      try {
        await db.run(sql.raw(statement.text));
      } catch (error) {
        refused.push(`${error.message} in: ${statement.text.slice(0, 100)}`);
      }
    }
  };
  return { refused, open: () => scratch.clone(key, build) };
}

const judgeWay = (from, to) =>
  lend(from.open(), (copy) =>
    lend(to.open(), (target) => lend(from.open(), (fresh) => judge(copy.url, target.url, fresh.url))),
  );

async function judgeCase(scratch, folder, { name, sides }) {
  const made = sides.map((text, i) => sideOf(scratch, `${folder}/${name}/${i}`, text));
  const found = [];
  for (const [i, from] of made.entries())
    for (const [j, to] of made.entries()) {
      if (i === j || sides[i] === sides[j]) continue;
      const direction = `${"abe"[i]}→${"abe"[j]}`;
      try {
        found.push({ name, direction, ...(await judgeWay(from, to)) });
      } catch (error) {
        found.push({ name, direction, what: "unloadable", why: `${error.code} ${error.message}`, steps: [] });
      }
    }
  const refused = made.flatMap((side) => side.refused);
  return found.map((one) => ({ ...one, refused }));
}

async function judgeCorpus(scratch, { folder, cases, roles }) {
  await makeRoles(scratch, roles);
  const waiting = [...cases];
  const found = [];
  const work = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift())
      found.push(...(await judgeCase(scratch, folder, one)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found.sort((a, b) => (a.name + a.direction < b.name + b.direction ? -1 : 1));
}

const WORDS = ["converged", "silent miss", "refused", "failed", "unloadable"];

function report(folder, found) {
  const counts = WORDS.map((word) => `${found.filter(({ what }) => what === word).length} ${word}`);
  const partly = new Set(found.filter(({ refused }) => refused.length > 0).map(({ name }) => name)).size;
  console.log(
    `\n${basename(folder)}: ${found.length} ways: ${counts.join(", ")}; ${partly} case(s) load in part`,
  );
  for (const word of WORDS.slice(1))
    for (const { name, direction, why } of found.filter(({ what }) => what === word))
      console.log(`  ${word}: ${name} ${direction}\n      ${why}`);
  if (options.partly)
    for (const { name, direction, refused } of found)
      for (const line of refused) console.log(`  left out: ${name} ${direction}\n      ${line}`);
  if (options.only === undefined) return;
  for (const { direction, what, steps, refused } of found) {
    console.log(`\n-- ${direction}: ${what}\n${steps.map((step) => `${step};`).join("\n")}`);
    for (const line of refused) console.log(`-- left out: ${line}`);
  }
}

await withScratch(Number(options.major), async (scratch) => {
  for (const corpus of corpora.map(readCorpus))
    if (corpus.cases.length > 0) report(corpus.folder, await judgeCorpus(scratch, corpus));
});
