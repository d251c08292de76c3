// `register` and `check` of coordinate against databases that hold many live intents, on a server of our own with
// durability on: what the database and the judge take, without the start of a process. The intents lie spread over
// tables as agents would: most tables are touched by a few, some by many; the judge is a simple one.
//
//   node bench/coordinate.mjs [--rounds 41]
import { parseArgs } from "node:util";
import { median } from "./measure.mjs";
import { lend, load, withDurableServer } from "./sources.mjs";

const { values: options } = parseArgs({ options: { rounds: { type: "string", default: "41" } } });
const rounds = Number(options.rounds);
const { Connection } = await load("src/pg/connection.ts");
const { sql } = await load("src/sql/tag.ts");
const { init } = await load("src/coordinate/init.ts");
const { register } = await load("src/coordinate/register.ts");
const { check } = await load("src/coordinate/check.ts");

/** Live intents, and how long a registration or a check may take among them. */
const SIZES = [
  [1000, 20],
  [10_000, 50],
];

/** Five columns of one table, and a foreign key to a table that everybody reads. */
function footprint(table, column) {
  const object = { type: "relation", schema: "public", name: table, part: null };
  const touches = [{ object, mode: "add child", statement: 0, via: null }];
  for (let i = 0; i < 5; i++) {
    const part = { type: "column", name: `${column}_${i}` };
    touches.push({ object: { ...object, part }, mode: "create", statement: 0, via: null });
  }
  touches.push({ object: { ...object, name: "users" }, mode: "read", statement: 0, via: null });
  const locks = [{ schema: "public", name: table, lock: "ACCESS EXCLUSIVE", work: "catalog" }];
  return {
    statements: [{ file: null, line: 1, operation: "ADD COLUMN", meaning: `${table} ${column}`, locks }],
    touches,
  };
}

/** What nobody can look into. */
const opaque = {
  statements: [],
  touches: [
    {
      object: { type: "schema", schema: null, name: "*", part: null },
      mode: "opaque",
      statement: 0,
      via: null,
    },
  ],
};

/** Two that touch the same part of the same object are in conflict. */
function judge(a, b) {
  const keyOf = ({ object }) => JSON.stringify([object.schema, object.name, object.part?.name]);
  const mine = new Map(a.touches.filter(({ object }) => object.part).map((touch) => [keyOf(touch), touch]));
  const place = { file: null, line: 1, operation: "ADD COLUMN" };
  const clashes = b.touches
    .filter((touch) => mine.has(keyOf(touch)))
    .map(({ object }) => ({
      type: "column",
      relation: "conflict",
      severity: "error",
      object,
      a: place,
      b: place,
      explanation: "both add it",
      suggestion: "agree on one",
    }));
  return { relation: clashes.length > 0 ? "conflict" : "independent", clashes };
}

/** Half of the intents share 100 tables, the others have one of `count` / 5. */
const tableOf = (i, count) => (i % 2 === 0 ? `hot_${(i / 2) % 100}` : `t_${i % Math.ceil(count / 5)}`);

const intends = (agent, i, count) => ({
  agentId: agent,
  featureName: `feature ${i % 500}`,
  schemaChanges: [`alter table ${tableOf(i, count)} add column c_${i} int`],
  footprint: footprint(tableOf(i, count), `c_${i}`),
});

async function fill(db, from, to, count) {
  for (let i = from; i < to; i++) await register(db, intends(`agent ${i}`, i, count), judge);
}

const timed = async (work) => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

function report(what, times, bar) {
  const worst = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)];
  const verdict = median(times) <= bar ? "within" : "MISSES";
  console.log(
    `${what}: median ${median(times).toFixed(1)} ms, 95% within ${worst.toFixed(1)} ms (${verdict} the bar of ${bar})`,
  );
}

await withDurableServer(async (server) => {
  const url = await server.database("coordinate");
  await lend(Connection.open(url), async (db) => {
    await init(db);
    let live = 0;
    for (const [count, bar] of SIZES) {
      const seconds = (await timed(() => fill(db, live, count, count))) / 1000;
      console.log(
        `${count} live intents (${Math.round((count - live) / seconds)} registrations/s one by one)`,
      );
      live = count;
      // As autovacuum does it on its own after a while.
      for (const state of ["as they are", "analyzed"]) {
        if (state === "analyzed") await db.run(sql`vacuum analyze`);
        const [registers, checks] = [[], []];
        for (let i = 0; i < rounds; i++) {
          const newcomer = intends(`newcomer ${live}`, i * 7, count);
          checks.push(await timed(() => check(db, newcomer, judge)));
          registers.push(await timed(() => register(db, newcomer, judge)));
          await db.run(sql`delete from confiture.intent where agent_id like 'newcomer %'`);
        }
        report(`  check, ${state}`, checks, bar);
        report(`  register, ${state}`, registers, bar);
      }
    }
    const anything = { ...intends("newcomer", 0, live), footprint: opaque };
    const ofAll = [];
    for (let i = 0; i < 5; i++) ofAll.push(await timed(() => check(db, anything, judge)));
    console.log(
      `  check of what may touch anything: ${median(ofAll).toFixed(0)} ms (no bar: all ${live} are asked about)`,
    );
    await lend(Connection.open(url), async (admin) => {
      const agents = 8;
      const each = 50;
      const work = Array.from({ length: agents }, (_, a) =>
        lend(Connection.open(url), async (own) => {
          for (let i = 0; i < each; i++)
            await register(own, intends(`at once ${a}`, a * 1000 + i, live), judge);
        }),
      );
      const seconds = (await timed(() => Promise.all(work))) / 1000;
      console.log(`  ${agents} sessions at once: ${Math.round((agents * each) / seconds)} registrations/s`);
      await admin.run(sql`delete from confiture.intent where agent_id like 'at once %'`);
    });
  });
});
