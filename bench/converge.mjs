// Does a plan lead where it says? Both ways between the two sides of every pair of schemas in some folders, with
// pg_dump as the judge. What folders may hold: corpora.mjs.
//
//   node bench/converge.mjs tests/corpus FOLDER… [--major 15] [--only CASE] [--partly] [--empty]
//
// Statements that a server refuses are left out on their side, and counted.
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { loadInto, pairsIn } from "./corpora.mjs";
import { judge } from "./judge.mjs";
import { lend, withScratch } from "./sources.mjs";

const { values: options, positionals: folders } = parseArgs({
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

const AT_ONCE = 3;

const casesIn = (folder) =>
  pairsIn(folder)
    .filter(({ name }) => options.only === undefined || name === options.only)
    .filter(({ needs }) => needs <= Number(options.major))
    .map((pair) => ({ ...pair, sides: options.empty ? [...pair.sides, ""] : pair.sides }));

/** A database of one side, cloned at each call; `refused` says which statements are left out. */
function sideOf(scratch, key, { text, roles }) {
  const refused = [];
  const build = async (db) => refused.push(...(await loadInto(db, text, roles)));
  return { refused, open: () => scratch.clone(key, build) };
}

const judgeWay = (from, to) =>
  lend(from.open(), (copy) =>
    lend(to.open(), (target) => lend(from.open(), (fresh) => judge(copy.url, target.url, fresh.url))),
  );

async function judgeCase(scratch, folder, { name, sides, roles }) {
  const made = sides.map((text, i) => sideOf(scratch, `${folder}/${name}/${i}`, { text, roles }));
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

async function judgeCorpus(scratch, folder, cases) {
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
  for (const folder of folders) {
    const cases = casesIn(folder);
    if (cases.length > 0) report(folder, await judgeCorpus(scratch, folder, cases));
  }
});
