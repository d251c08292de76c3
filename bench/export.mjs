// Does `confiture export` write what a database is? Every schema of some folders is loaded, exported, built again from
// the files, and compared, with pg_dump as the judge. What folders may hold: corpora.mjs.
//
//   node bench/export.mjs FOLDER… [--major 15] [--keep FOLDER]
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadInto, schemasIn } from "./corpora.mjs";
import { connected, snapshotOf } from "./judge.mjs";
import { lend, load, withScratch } from "./sources.mjs";

const { values: options, positionals: folders } = parseArgs({
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
const { changeText } = await load("src/diff/change.ts");
const { compare } = await load("src/diff/compare.ts");
const { dumpDifferences, dumpOf } = await load("tests/support/pg-dump.ts");
const { exportSchema } = await load("src/workflows/export/export-schema.ts");

const REFUSALS = new Set(["DIFFER_404", "DIFFER_405", "DIFFER_409"]);

/** The files of an export, and what a database built from them still differs in. */
async function exportAndBuild(scratch, url, { name, folder }) {
  const target = { url, environment: {}, migrationsDir: "", trackingTable: "tb_confiture", log: silentLog };
  const started = performance.now();
  const result = await exportSchema(target, {
    projectDir: folder,
    directory: name,
    scratch: { major: scratch.major, projectDir: "tests/majors" },
  });
  const seconds = (performance.now() - started) / 1000;
  const sources = readSources({ projectDir: folder, includeDirs: [{ path: name }] });
  return lend(scratch.create(), async (fresh) => {
    const { deferred, user } = await connected(fresh.url, async (db) => ({
      ...(await applyScripts(db, await parseSources(sources))),
      user: db.server.user,
    }));
    const left = compare(await snapshotOf(fresh.url), await snapshotOf(url));
    const [is, should] = await Promise.all([dumpOf(fresh.url), dumpOf(url)]);
    return { result, seconds, deferred, left, difference: dumpDifferences(is, should, user) };
  });
}

/** What became of one schema: a word, and why. */
async function judgeExport(scratch, url, schema) {
  try {
    const { result, seconds, deferred, left, difference } = await exportAndBuild(scratch, url, schema);
    const rest = result.files.filter((file) => file.includes("rest.sql")).length;
    const figures =
      `${result.objects} objects in ${result.files.length} files, ${seconds.toFixed(1)} s, ` +
      `${deferred} deferred, ${rest} rest, ${result.reprinted.length} reprinted`;
    const ours = left.length === 0 ? [] : changeText(left).split("\n");
    if (difference.length === 0 && ours.length === 0) return { what: "same", figures, why: [] };
    const isNamed = result.reprinted.length > 0 && ours.length > 0;
    return { what: isNamed ? "named" : "silent miss", figures, why: [...ours, ...difference] };
  } catch (error) {
    const details = JSON.stringify(error.context?.details ?? error.stack)?.slice(0, 600);
    const what = REFUSALS.has(error.code) ? "refused" : "failed";
    return { what, figures: `${error.code} ${error.message}`, why: [details] };
  }
}

const folder = options.keep ?? mkdtempSync(join(tmpdir(), "confiture-bench-export-"));
const counts = new Map(["same", "named", "refused", "failed", "silent miss"].map((word) => [word, 0]));
mkdirSync(folder, { recursive: true });
await withScratch(Number(options.major), async (scratch) => {
  for (const { name, text } of folders.flatMap(schemasIn))
    await lend(scratch.create(), async ({ url }) => {
      const refused = await connected(url, (db) => loadInto(db, text));
      const { what, figures, why } = await judgeExport(scratch, url, { name, folder });
      counts.set(what, counts.get(what) + 1);
      console.log(`${name}: ${what}; ${figures}, ${refused.length} statement(s) refused on load`);
      for (const line of refused) console.log(`    left out: ${line}`);
      for (const line of why) console.log(`    ${line}`);
    });
});
console.log([...counts].map(([word, count]) => `${count} ${word}`).join(", "));
if (options.keep === undefined) rmSync(folder, { recursive: true });
