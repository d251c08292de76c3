// PostgreSQL's own regression tests leave a database with nearly every kind of object there is. Loads it, counts what
// the snapshot sees of it, plans it from nothing, exports it and builds the export, with pg_dump as the judge.
//
//   scripts/regression-sources.sh /tmp/regress-15
//   node bench/regression.mjs /tmp/regress-15/src/test/regress [--major 15]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { connected, judge, snapshotOf } from "./judge.mjs";
import { lend, load, withScratch } from "./sources.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { major: { type: "string", default: "15" } },
});

const { silentLog } = await load("src/base/log.ts");
const { applyScripts, parseSources } = await load("src/build/apply.ts");
const { readSources } = await load("src/build/sources.ts");
const { changeText } = await load("src/diff/change.ts");
const { compare } = await load("src/diff/compare.ts");
const { exportSchema } = await load("src/workflows/export/export-schema.ts");
const { dumpDifferences, dumpOf } = await load("tests/support/pg-dump.ts");
const { loadRegression } = await load("tests/support/regression.ts");

async function timed(what, work) {
  const started = performance.now();
  const result = await work();
  console.log(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

/** Exports a database and builds it again; what differs, for our comparison and for pg_dump. */
async function exportAndBuild(scratch, url, fresh) {
  const projectDir = mkdtempSync(join(tmpdir(), "confiture-bench-regression-"));
  try {
    const target = { url, environment: {}, migrationsDir: "", trackingTable: "tb_confiture", log: silentLog };
    const { files, left_out: leftOut } = await timed("export", () =>
      exportSchema(target, { projectDir, directory: "db/schema", scratch: { url: scratch } }),
    );
    console.log(`  ${files.length} files, left out:\n    ${leftOut.join("\n    ")}`);
    const sources = readSources({ projectDir, includeDirs: [{ path: "db/schema" }] });
    await timed("build", () => connected(fresh, async (db) => applyScripts(db, await parseSources(sources))));
    const left = changeText(compare(await snapshotOf(fresh), await snapshotOf(url)));
    const user = await connected(fresh, (db) => db.server.user);
    const difference = dumpDifferences(await dumpOf(fresh), await dumpOf(url), user);
    console.log(`  compare: ${left === "" ? "equal" : left}\n  pg_dump:\n    ${difference.join("\n    ")}`);
  } finally {
    rmSync(projectDir, { recursive: true, force: true });
  }
}

await withScratch(Number(options.major), (scratch) =>
  lend(scratch.create(), async (empty) => {
    const regression = await timed("load", () => loadRegression(empty.url, positionals[0]));
    try {
      const { url, runs } = regression;
      const errors = runs.reduce((sum, run) => sum + run.errors, 0);
      const unexpected = runs.flatMap((run) => run.unexpected.map((error) => `${run.file}: ${error}`));
      console.log(`  ${runs.length} files, ${errors} errors, of them not wanted: ${unexpected.length}`);
      for (const line of unexpected) console.log(`    ${line}`);
      const { objects } = await timed("snapshot", () => snapshotOf(url));
      for (const [kind, rows] of Object.entries(objects)) console.log(`  ${kind}: ${rows.length}`);
      await lend(scratch.create(), (fresh) => exportAndBuild(empty.url, url, fresh.url));
      const { what, why, steps } = await timed("plan", () =>
        lend(scratch.create(), (fresh) => judge(empty.url, url, fresh.url)),
      );
      console.log(`  ${what} (${steps.length} steps)\n    ${why}`);
    } finally {
      regression[Symbol.dispose]();
    }
  }),
);
