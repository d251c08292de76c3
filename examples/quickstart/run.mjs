// Plays the main job of Confiture on an embedded PostgreSQL, in a throwaway copy of this folder.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";

const here = dirname(fileURLToPath(import.meta.url));
const cli = join(here, "../../dist/bin/confiture.js");
const project = mkdtempSync(join(tmpdir(), "confiture-quickstart-"));
cpSync(join(here, "db"), join(project, "db"), { recursive: true });

/** Run a command as a user would, show it and its output, and insist on its exit code. */
function confiture(words, { expect = 0, quiet = false } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words.split(" ")], {
    cwd: project,
    encoding: "utf8",
  });
  if (!quiet) {
    console.log(`$ confiture ${words}`);
    process.stdout.write(stderr + stdout);
    console.log(expect === 0 ? "" : `(exit ${status})\n`);
  }
  if (status !== expect)
    throw new Error(`confiture ${words}: exit ${status} instead of ${expect}\n${stderr}`);
  return stdout.trim();
}

async function sql(url, text) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text);
  await client.end();
}

const say = (text) => console.log(`\n# ${text}\n`);

try {
  say("An embedded PostgreSQL stands in for production");
  confiture("db start");
  const production = confiture("db url", { quiet: true });

  say("Production holds four migrations that somebody applied by hand");
  const byHand = readdirSync(join(project, "db/migrations")).filter((file) =>
    /^00[1-4].*\.up\.sql$/.test(file),
  );
  for (const file of byHand.toSorted()) {
    await sql(production, readFileSync(join(project, "db/migrations", file), "utf8"));
    console.log(`by hand: db/migrations/${file}`);
  }
  await sql(production, "insert into users (email) values ('ada@example.com')");

  say("Adopt it: those four are recorded, nothing is run");
  confiture("migrate baseline --through 004");
  confiture("migrate status", { expect: 1 });

  say("Rehearse the deploy on a copy: replay what is pending, compare with db/schema/");
  await sql(production.replace("/confiture?", "/postgres?"), "create database copy template confiture");
  const copy = production.replace("/confiture?", "/copy?");
  confiture(`migrate preflight --against ${copy}`);

  say("Had the DDL files said something else, preflight would have named it");
  const orders = join(project, "db/schema/10_tables/20_orders.sql");
  const good = readFileSync(orders, "utf8");
  writeFileSync(
    orders,
    good.replace("shipped_at timestamptz", "shipped_at timestamptz not null default now()"),
  );
  confiture(`migrate preflight --against ${copy}`, { expect: 7 });
  writeFileSync(orders, good);

  say("Deploy");
  confiture("migrate up");
  confiture("migrate current");
  confiture("migrate status");

  say("And back, and forth again");
  confiture("migrate down");
  confiture("migrate up");
} finally {
  spawnSync(process.execPath, [cli, "db", "stop"], { cwd: project });
  rmSync(project, { recursive: true, force: true });
}
