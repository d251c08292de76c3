// A plan from nothing to a schema of 1,000 tables, 15,000 columns, 5,000 indexes, 1,000 functions and 500 views, and
// its proof on a warm scratch server. The peer of the proof is `psql -1 -f` of the same DDL. Then how it grows.
//
//   node bench/plan.mjs [--major 15] [--series 100,1000]
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { largeSchema } from "./large-schema.mjs";
import { lend, load, withScratch } from "./sources.mjs";

const { values: options } = parseArgs({
  options: { major: { type: "string", default: "15" }, series: { type: "string", default: "100,1000" } },
});

const { loadParser } = await load("src/sql/parse.ts");
const { planSteps } = await load("src/diff/plan.ts");
const { provePlan } = await load("src/diff/prove.ts");
const { Connection } = await load("src/pg/connection.ts");
const { readLinkedSnapshot } = await load("src/schema/snapshot.ts");

const timed = async (work) => {
  const started = performance.now();
  const result = await work();
  return [performance.now() - started, result];
};

const folder = mkdtempSync(join(tmpdir(), "confiture-bench-"));
await loadParser();
await withScratch(Number(options.major), async (scratch) => {
  for (const tables of options.series.split(",").map(Number)) {
    const file = join(folder, `${tables}.sql`);
    writeFileSync(file, largeSchema(tables));
    await lend(scratch.create(), async ({ url }) => {
      const [psql] = await timed(async () => execFileSync("psql", ["-q", "-1", "-f", file, "--dbname", url]));
      const target = await lend(Connection.open(url), (db) =>
        readLinkedSnapshot(db, { builder: db.server.user }),
      );
      await lend(scratch.create(), async (empty) => {
        await lend(Connection.open(empty.url), async (db) => {
          const from = await readLinkedSnapshot(db, { builder: db.server.user });
          const [planned, steps] = await timed(async () => planSteps(from, target, { online: true }));
          const [proven] = await timed(() => provePlan(db, from, target, { online: true }));
          console.log(
            `${tables} tables: plan of ${steps.length} steps ${planned.toFixed(0)} ms (bar 1,000 ms at 1,000 tables); proof ${proven.toFixed(0)} ms, psql -1 -f ${psql.toFixed(0)} ms (${(proven / psql).toFixed(2)}x, bar 3x)`,
          );
        });
      });
    });
  }
});
rmSync(folder, { recursive: true });
