// What a plan gives, judged by our own comparison and by pg_dump.
import { lend, load } from "./sources.mjs";

const { changeText } = await load("src/diff/change.ts");
const { compare } = await load("src/diff/compare.ts");
const { provePlan } = await load("src/diff/prove.ts");
const { PREAMBLE } = await load("src/diff/script.ts");
const { Connection } = await load("src/pg/connection.ts");
const { readLinkedSnapshot } = await load("src/schema/snapshot.ts");
const { sql } = await load("src/sql/tag.ts");
const { dumpDifferences, dumpOf } = await load("tests/support/pg-dump.ts");

const REFUSALS = new Set(["DIFFER_401", "DIFFER_404", "DIFFER_405"]);

export const connected = (url, work) => lend(Connection.open(url), work);

export const snapshotOf = (url) =>
  connected(url, (db) => readLinkedSnapshot(db, { builder: db.server.user }));

/** The steps from what one database holds to what another does; the first is changed. */
async function planBetween(fromUrl, toUrl) {
  const [from, to] = [await snapshotOf(fromUrl), await snapshotOf(toUrl)];
  return connected(fromUrl, async (db) => (await provePlan(db, from, to)).map((step) => step.sql));
}

const apply = (url, steps) =>
  connected(url, async (db) => {
    await db.run(sql.raw(PREAMBLE));
    for (const step of steps) await db.run(sql.raw(step));
  });

/** What became of one way: a word, and why. A copy of the start is for the proof, a fresh one for what it gives. */
export async function judge(copy, target, fresh) {
  let steps = [];
  try {
    steps = await planBetween(copy, target);
    await apply(fresh, steps);
  } catch (error) {
    const { differences = [], step, steps: done = steps } = error.context?.details ?? {};
    const what = REFUSALS.has(error.code) ? "refused" : "failed";
    const why = [`${error.code} ${error.message}`, ...differences, ...(step ? [step] : [])];
    return { what, why: why.join("\n      "), steps: done };
  }
  const user = await connected(fresh, (db) => db.server.user);
  const left = compare(await snapshotOf(fresh), await snapshotOf(target));
  if (left.length > 0) return { what: "failed", why: `leaves ${changeText(left)}`, steps };
  const [is, should] = await Promise.all([dumpOf(fresh), dumpOf(target)]);
  const difference = dumpDifferences(is, should, user);
  if (difference.length === 0) return { what: "converged", why: "", steps };
  return { what: "silent miss", why: difference.join("\n      "), steps };
}
