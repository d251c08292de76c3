// `confiture sync` against `psql COPY | psql COPY` of the same table into the same schema, on one durable server with
// the WAL that replicas need. The peer loads into the table with its keys, as ours leaves it; and, as a second figure,
// into one without any, where it does less.
//
//   node bench/sync.mjs [--rows 1000000] [--runs 3] [--in-place] [--tables] [--jobs N] [--threads N]
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cli } from "./database.mjs";
import { median, wall } from "./measure.mjs";
import { lend, load, withDurableServer } from "./sources.mjs";

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    runs: { type: "string", default: "3" },
    "in-place": { type: "boolean", default: false },
    tables: { type: "boolean", default: false },
    jobs: { type: "string" },
    threads: { type: "string" },
  },
});
const rows = Number(options.rows);
const { Connection } = await load("src/pg/connection.ts");
const { sql } = await load("src/sql/tag.ts");

const COLUMNS = `(id bigint primary key, email text not null unique, full_name text, phone text, created timestamptz,
  balance numeric(12, 2), note text, status text)`;
const ONE = `create table person ${COLUMNS}`;
const ROWS = (from, to) => `select i, 'user' || i || '.' || left(md5(i::text), 8) || '@mail.example.org',
  initcap(left(md5(i::text), 7)) || ' ' || initcap(right(md5(i::text), 9)), '+49 30 ' || 10000000 + i, now() - i * interval '1 second',
  i % 100000 / 7.0, repeat(md5(i::text), 2), case when i % 3 = 0 then 'active' else 'closed' end from generate_series(${from}, ${to}) i`;

/** 50 tables of 1,000 up to 50,000 rows, each with a foreign key to the one before. */
const MANY = Array.from(
  { length: 50 },
  (_, i) =>
    `create table t${i} ${COLUMNS.replace(/\)$/, `, before bigint${i === 0 ? "" : ` references t${i - 1}`})`)}`,
);
const MANY_ROWS = MANY.map((_, i) => {
  const count = Math.ceil((rows / 25_500) * (i + 1) * 20);
  const before = i === 0 ? "null::bigint" : `1 + i % ${Math.ceil((rows / 25_500) * i * 20)}`;
  return `insert into t${i} ${ROWS(1, count).replace(" from generate_series", `, ${before} from generate_series`)}`;
});

const NAMES = options.tables ? MANY.map((_, i) => `t${i}`) : ["person"];
const rulesFor = (columns) =>
  `version: 1\ntables:\n${NAMES.map(
    (name) =>
      `  ${name}: {columns: {${[
        "id",
        "email",
        "full_name",
        "phone",
        "created",
        "balance",
        "note",
        "status",
        ...(options.tables ? ["before"] : []),
      ]
        .map((column) => `${column}: ${columns[column] ?? "keep"}`)
        .join(", ")}}}`,
  ).join("\n")}\n`;

const folder = mkdtempSync(join(tmpdir(), "confiture-bench-"));
writeFileSync(
  join(folder, "three.yaml"),
  rulesFor({ email: "email", full_name: "full-name", phone: "phone" }),
);

const run = async (url, text) => lend(Connection.open(url), (db) => db.run(sql.raw(text)));

/** Wall time in milliseconds, and the most memory that it held, in MB. */
async function measure(words) {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [...(process.env.BENCH_NODE_FLAGS?.split(" ") ?? []), cli, ...words],
    {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, CONFITURE_SYNC_KEY: "a key for measurements" },
    },
  );
  let text = "";
  child.stderr.on("data", (chunk) => (text += chunk));
  let most = 0;
  const timer = setInterval(() => {
    try {
      most = Math.max(
        most,
        Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0),
      );
    } catch {
      // It has ended.
    }
  }, 50);
  const code = await new Promise((resolve) => child.on("exit", resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`exit ${code}: ${text}`);
  return { ms: performance.now() - started, mb: most / 1024 };
}

await withDurableServer(async (server) => {
  const source = await server.database("source");
  const target = await server.database("target");
  const bare = await server.database("bare");
  const schema = options.tables ? MANY.join(";") : ONE;
  for (const url of [source, target]) await run(url, schema);
  await run(bare, schema.replaceAll(/ primary key| unique| references \w+/g, ""));
  if (options.tables) for (const text of MANY_ROWS) await run(source, text);
  else
    for (let at = 1; at <= rows; at += 500_000)
      await run(source, `insert into person ${ROWS(at, Math.min(rows, at + 499_999))}`);
  await run(source, "vacuum analyze");
  const flags = [
    "sync",
    "--from",
    source,
    "--to",
    target,
    "--replace",
    ...(options["in-place"] ? ["--in-place"] : []),
    ...["jobs", "threads"].flatMap((name) =>
      options[name] === undefined ? [] : [`--${name}`, options[name]],
    ),
  ];
  const pipe = (to) =>
    wall("bash", [
      "-c",
      NAMES.map(
        (name) =>
          `psql -qd '${source}' -c 'copy ${name} to stdout' | psql -qd '${to}' -c 'copy ${name} from stdin'`,
      ).join(" && "),
    ]);
  const empty = (url) => run(url, `truncate ${NAMES.join(", ")}; checkpoint`);
  const times = { peer: [], bare: [], plain: [], masked: [] };
  let memory = 0;
  for (let i = 0; i < Number(options.runs); i++) {
    await empty(target);
    times.peer.push(pipe(target));
    await empty(bare);
    times.bare.push(pipe(bare));
    for (const [what, more] of [
      ["plain", ["--allow-plaintext"]],
      ["masked", ["--anonymize", "--anonymization-config", join(folder, "three.yaml")]],
    ]) {
      await empty(target);
      const { ms, mb } = await measure(flags.concat(more));
      times[what].push(ms);
      memory = Math.max(memory, mb);
    }
  }
  const [{ count }] = await lend(Connection.open(source), (db) =>
    db.rows(sql.raw(`select ${NAMES.map((name) => `(select count(*) from ${name})`).join(" + ")} as count`)),
  );
  const rate = (what) => (count / median(times[what])) * 1000;
  const line = (what, name) => `${name}: ${Math.round(rate(what))} rows/s`;
  const versus = (what, bar) =>
    ` = ${(rate(what) / rate("peer")).toFixed(2)}x of the pipe (bar ${bar}x), ${(rate(what) / rate("bare")).toFixed(2)}x of the pipe without keys`;
  console.log(`${count} rows in ${NAMES.length} table(s), ${options["in-place"] ? "in place" : "staged"}`);
  console.log(line("peer", "psql | psql"));
  console.log(line("bare", "psql | psql into tables without keys"));
  console.log(line("plain", "nothing anonymized") + versus("plain", 0.95));
  console.log(line("masked", "3 of 8 columns anonymized") + versus("masked", 0.7));
  console.log(`most memory held: ${memory.toFixed(0)} MB (bar 200)`);
});
rmSync(folder, { recursive: true });
