import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { coordinated } from "../support/coordination.ts";

const AGENTS = 50;

/** Starts the built program; ends with its exit code and what it says on stderr. */
function register(url: string, agent: string, change: string): Promise<string> {
  const words = ["coordinate", "register", "--agent-id", agent, "--feature-name", "one", "--no-config"];
  const child = spawn(
    process.execPath,
    [resolve("dist/bin/confiture.js"), ...words, "--schema-changes", change, "--database-url", url],
    { stdio: ["ignore", "ignore", "pipe"], env: { PATH: process.env["PATH"] } },
  );
  let told = "";
  child.stderr.on("data", (text: Buffer) => (told += text.toString()));
  return new Promise((done) => child.on("close", (code) => done(`${code} ${told}`.trim())));
}

test("of 50 processes that register at once, each pair in conflict is there once, and both sides know", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  await db.run(sql`create table users (id int)`);
  // Two in three want the same column; the others one of their own each.
  const changes = Array.from({ length: AGENTS }, (_, i) =>
    i % 3 === 2 ? `alter table users add column own${i} int` : "alter table users add column email text",
  );
  const ends = await Promise.all(changes.map((change, i) => register(database.url, `agent${i}`, change)));
  expect(new Set(ends)).toEqual(new Set(["0"]));
  const pairs = await db.rows<{ a: string; b: string; types: string }>(sql`
    select a.agent_id as a, b.agent_id as b, string_agg(c.conflict_type, ',') as types from confiture.conflict c
    join confiture.intent a on a.id = c.intent_a join confiture.intent b on b.id = c.intent_b group by 1, 2`);
  const rivals = changes.flatMap((change, i) => (change.includes("email") ? [`agent${i}`] : []));
  expect(new Set(pairs.map(({ types }) => types))).toEqual(new Set(["column"]));
  expect(new Set(pairs.map(({ a, b }) => [a, b].toSorted().join()))).toEqual(
    new Set(rivals.flatMap((a, i) => rivals.slice(i + 1).map((b) => [a, b].toSorted().join()))),
  );
  expect(pairs).toHaveLength((rivals.length * (rivals.length - 1)) / 2);
  const known = await db.rows<{ agent: string; conflicts: number }>(sql`
    select agent_id as agent, jsonb_array_length(conflicts_with)::int as conflicts from tb_pggit_intent`);
  for (const { agent, conflicts } of known)
    expect([agent, conflicts]).toEqual([agent, rivals.includes(agent) ? rivals.length - 1 : 0]);
}, 180_000);
