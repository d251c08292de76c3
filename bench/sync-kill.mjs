// Kills a sync at random moments, or a backend of its source or its target, which takes the whole server down, and goes
// on with --resume until it is through; the copy must equal that of an uninterrupted run each time.
//
//   node bench/sync-kill.mjs [--times 50] [--rows 400000] [--in-place] [--seed 1]
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { cli } from "./database.mjs";
import { lend, load, withDurableServer } from "./sources.mjs";

const { values: options } = parseArgs({
  options: {
    times: { type: "string", default: "50" },
    rows: { type: "string", default: "400000" },
    seed: { type: "string", default: "1" },
    "in-place": { type: "boolean", default: false },
  },
});
const { Connection } = await load("src/pg/connection.ts");
const { sql } = await load("src/sql/tag.ts");

let state = Number(options.seed) >>> 0;
/** mulberry32 */
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

const SCHEMA = `
  create table person (id bigint primary key, email text unique, name text, note text);
  create table visit (id bigint primary key, person bigint not null references person, at timestamptz);
  create index on visit (person);
  ${Array.from({ length: 20 }, (_, i) => `create table small${i} (id int primary key, person bigint references person)`).join(";")}`;
const RULES = `version: 1
tables:
  person: {columns: {id: keep, email: email, name: {anonymizer: full-name, locale: de}, note: keep}}
  visit: {columns: {id: keep, at: {anonymizer: date-shift, days: 30}}}
${Array.from({ length: 20 }, (_, i) => `  small${i}: {columns: {id: keep}}`).join("\n")}
`;
const rows = Number(options.rows);
const fill = `
  insert into person select i, 'user' || i || '@mail.example.org', md5(i::text), repeat(md5((i + 1)::text), 8) from generate_series(1, ${rows}) i;
  insert into visit select i, 1 + i % ${rows}, '2024-01-01'::timestamptz + i * interval '1 minute' from generate_series(1, ${rows}) i;
  ${Array.from({ length: 20 }, (_, i) => `insert into small${i} select j, j from generate_series(1, 500) j`).join(";")}`;
const TABLES = ["person", "visit", ...Array.from({ length: 20 }, (_, i) => `small${i}`)];

const run = (url, text) => lend(Connection.open(url), (db) => db.run(sql.raw(text)));
const ask = (url, text) => lend(Connection.open(url), (db) => db.rows(sql.raw(text)));

/** What a database holds, and that nothing is missing or left over. */
async function contents(url) {
  const parts = TABLES.map(
    (table) =>
      `(select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) from ${table} t) as ${table}`,
  );
  const [found] = await ask(
    url,
    `select ${parts.join(", ")}, (select count(*) from pg_constraint where convalidated) as constraints,
      (select count(*) from pg_index where indisvalid and indrelid >= 16384) as indexes, to_regnamespace('confiture') as left`,
  );
  return JSON.stringify(found);
}

/** Waits until a server that recovers takes connections again. */
async function ready(url) {
  for (let i = 0; ; i++) {
    try {
      return await ask(url, "select 1");
    } catch (error) {
      if (i > 1200) throw error;
      await sleep(100);
    }
  }
}

const folder = mkdtempSync(join(tmpdir(), "confiture-bench-"));
const rules = join(folder, "rules.yaml");
writeFileSync(rules, RULES);

await withDurableServer(async (first) => {
  await withDurableServer(async (second) => {
    const source = await first.database("source");
    const target = await second.database("target");
    await run(source, SCHEMA);
    await run(target, SCHEMA);
    await run(source, fill);
    await run(source, "vacuum analyze");
    const words = ["sync", "--from", source, "--to", target, "--anonymize", "--anonymization-config", rules];
    const start = (more) => {
      const child = spawn(
        process.execPath,
        [cli, ...words, ...more, ...(options["in-place"] ? ["--in-place"] : [])],
        {
          stdio: ["ignore", "ignore", "pipe"],
          env: { ...process.env, CONFITURE_SYNC_KEY: "a key for measurements" },
        },
      );
      let text = "";
      child.stderr.on("data", (chunk) => (text += chunk));
      const end = new Promise((resolve) =>
        child.on("exit", (code, signal) => resolve({ code, signal, text })),
      );
      return { child, end };
    };
    const begun = performance.now();
    const whole = await start(["--replace"]).end;
    if (whole.code !== 0) throw new Error(whole.text);
    const usual = performance.now() - begun;
    const wanted = await contents(target);
    console.log(`uninterrupted: ${Math.round(usual)} ms`);
    const killed = { sync: 0, source: 0, target: 0 };
    let [resumed, late] = [0, 0];
    for (let i = 0; i < Number(options.times); i++) {
      await run(target, `truncate ${TABLES.join(", ")}`);
      const { child, end } = start(["--replace"]);
      await Promise.race([sleep(random() * usual), end]);
      const victim = ["sync", "sync", "source", "target"][Math.floor(random() * 4)];
      if (child.exitCode !== null) late++;
      else if (victim === "sync") child.kill("SIGKILL");
      else {
        const url = victim === "source" ? source : target;
        const [backend] = await ask(
          url,
          "select pid from pg_stat_activity where application_name = 'confiture sync' and pid <> pg_backend_pid() order by random() limit 1",
        );
        if (backend === undefined) child.kill("SIGKILL");
        else process.kill(backend.pid, "SIGKILL");
      }
      killed[victim]++;
      await end;
      for (let tries = 0; ; tries++) {
        await ready(source);
        await ready(target);
        const again = await start(tries === 0 ? ["--resume"] : ["--replace"]).end;
        if (again.code === 0) {
          if (tries === 0) resumed++;
          break;
        }
        // Killed before it had begun, or when it was through.
        if (!again.text.includes("SYNC_305") || tries > 0) throw new Error(`run ${i}: ${again.text}`);
      }
      const found = await contents(target);
      if (found !== wanted) throw new Error(`run ${i} (${victim}): the copy differs\n${wanted}\n${found}`);
    }
    console.log(
      `${options.times} kills (${JSON.stringify(killed)}; ${late} came too late): ${resumed} went on, the others began anew; all equal to the uninterrupted run`,
    );
  });
});
rmSync(folder, { recursive: true });
