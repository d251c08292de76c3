// Reading and comparing a schema of 1,000 tables, 15,000 columns, 5,000 indexes, 1,000 functions and 500 views.
// The peer is `pg_dump -s` of the same database. Then how the cost grows with the number of tables.
//
//   node bench/snapshot.mjs [--major 15] [--series 100,1000,10000] [--runs 5]
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { largeSchema } from "./large-schema.mjs";
import { median } from "./measure.mjs";
import { lend, load, withScratch } from "./sources.mjs";

const { values: options } = parseArgs({
  options: {
    major: { type: "string", default: "15" },
    series: { type: "string", default: "100,1000" },
    runs: { type: "string", default: "5" },
  },
});

const { compare } = await load("src/diff/compare.ts");
const { Connection } = await load("src/pg/connection.ts");
const { readLinkedSnapshot, readSnapshot } = await load("src/schema/snapshot.ts");
const { sql } = await load("src/sql/tag.ts");

const timed = async (work) => {
  const started = performance.now();
  const result = await work();
  return [performance.now() - started, result];
};

const repeat = async (times, work) => {
  const runs = [];
  for (let i = 0; i < times; i++) runs.push((await timed(work))[0]);
  return median(runs);
};

await withScratch(Number(options.major), async (scratch) => {
  for (const tables of options.series.split(",").map(Number)) {
    await lend(scratch.create(), async ({ url }) => {
      const db = await Connection.open(url);
      await db.run(sql`set max_parallel_workers = 0`);
      // One transaction locks more than a server's table of locks holds by default.
      for (const part of largeSchema(tables).match(/(?:.*;\n){1,2000}/g)) await db.run(sql.raw(part));
      await db.run(sql`analyze`);
      const dump = await repeat(Number(options.runs), async () =>
        execFileSync("pg_dump", ["-s", "--dbname", url], { maxBuffer: 2 ** 30 }),
      );
      const read = await repeat(Number(options.runs), () => readSnapshot(db));
      const linked = await repeat(Number(options.runs), () => readLinkedSnapshot(db));
      const snapshot = await readSnapshot(db);
      const same = structuredClone(snapshot);
      const compared = await repeat(Number(options.runs), async () => compare(snapshot, same));
      const objects = Object.values(snapshot.objects).flat().length;
      console.log(
        `${tables} tables, ${objects} objects: pg_dump -s ${dump.toFixed(0)} ms; snapshot ${read.toFixed(0)} ms (${(read / dump).toFixed(2)}x, bar 0.5x), with dependencies ${linked.toFixed(0)} ms (${(linked / dump).toFixed(2)}x); compare ${compared.toFixed(0)} ms (bar 200 ms at 1,000 tables)`,
      );
      await db.close();
    });
  }
});
