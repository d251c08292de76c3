// What a verdict about two changes takes on the schema of a project: by the rules, for all pairs of some changes; and by
// proof, both orders on scratch databases. Ours is not written for it, but it has tables, views, functions and triggers.
//
//   node bench/verdict.mjs FOLDER [--table NAME --column NAME]
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { median } from "./measure.mjs";
import { lend, load, withScratch } from "./sources.mjs";

const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: { table: { type: "string", default: "film" }, column: { type: "string", default: "title" } },
});
const { Connection } = await load("src/pg/connection.ts");
const { parseScript } = await load("src/sql/parse-script.ts");
const { runScript } = await load("src/pg/run-script.ts");
const { readCatalog } = await load("src/coordinate/footprint/catalog.ts");
const { footprintOf } = await load("src/coordinate/footprint/footprint.ts");
const { judge } = await load("src/coordinate/verdict/judge.ts");
const { proveOrder } = await load("src/workflows/coordinate/prove-order.ts");

const { table, column } = options;
const CHANGES = [
  `alter table ${table} add column one int`,
  `alter table ${table} add column two text default 'x'`,
  `alter table ${table} drop column ${column} cascade`,
  `create view reads_it as select ${column} from ${table}`,
  `create index on ${table} (${column})`,
  `alter table ${table} rename column ${column} to other`,
  `update ${table} set ${column} = upper(${column})`,
  `drop table ${table} cascade`,
];

const timed = async (work) => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

await withScratch(18, async (scratch) => {
  const base = await scratch.create();
  const files = readdirSync(positionals[0], { recursive: true }).filter((name) => name.endsWith(".sql"));
  let catalog;
  await lend(Connection.open(base.url), async (db) => {
    for (const file of files.toSorted((a, b) => (a < b ? -1 : 1))) {
      const text = readFileSync(join(positionals[0], file), "utf8");
      await runScript(db, await parseScript({ text, file }, "SQL_001"));
    }
  });
  await lend(Connection.open(base.url), async (db) => {
    console.log(`catalog: ${Math.round(await timed(async () => (catalog = await readCatalog(db))))} ms`);
  });
  const scripts = await Promise.all(CHANGES.map((text) => parseScript({ text }, "SQL_001")));
  const footprints = [];
  for (const script of scripts) footprints.push(await footprintOf([script], catalog));
  const pairs = CHANGES.flatMap((_, i) => CHANGES.slice(i + 1).map((__, j) => [i, i + 1 + j]));
  const rules = [];
  for (let round = 0; round < 5; round++)
    for (const [i, j] of pairs) {
      rules.push(
        await timed(async () => {
          const a = await footprintOf([scripts[i]], catalog);
          judge(a, await footprintOf([scripts[j]], catalog));
        }),
      );
    }
  console.log(
    `by rules, both footprints and the verdict: ${median(rules).toFixed(2)} ms a pair, at most ${Math.max(...rules).toFixed(1)} (bar 5)`,
  );
  const proofs = [];
  for (const [i, j] of pairs) {
    let proof;
    proofs.push(
      await timed(async () => {
        const [a, b] = [i, j].map((at) => ({ scripts: [scripts[at]], footprint: footprints[at] }));
        proof = await proveOrder(scratch, { base, a, b });
      }),
    );
    const { relation } = judge(footprints[i], footprints[j]);
    if (relation === "independent" && proof.relation !== "independent")
      throw new Error(`the rules are too lax: ${CHANGES[i]} | ${CHANGES[j]}`);
  }
  console.log(
    `by proof: ${Math.round(median(proofs))} ms a pair, at most ${Math.round(Math.max(...proofs))} (bar 3000)`,
  );
  await base[Symbol.asyncDispose]();
});
