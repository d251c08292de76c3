import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { identSql, sql } from "../../src/sql/tag.ts";

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  readonly name: string;
}

/** An empty database of its own on the run's server; disposing drops it. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `t_${randomBytes(6).toString("hex")}`;
  const admin = async (work: (db: Connection) => Promise<unknown>) => {
    await using db = await Connection.open(inject("serverUrl"));
    await work(db);
  };
  const strategy = sql.raw(inject("serverMajor") >= 15 ? "strategy file_copy" : "");
  await admin((db) => db.run(sql`create database ${identSql(name)} ${strategy}`));
  const url = inject("serverUrl").replace("/postgres?", `/${name}?`);
  return {
    name,
    url,
    [Symbol.asyncDispose]: () =>
      admin(async (db) => {
        const [found] = await db.rows(sql`
          select from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = ${name}`);
        if (found) await dropSubscriptions(url);
        await db.run(sql`drop database ${identSql(name)} with (force)`);
      }),
  };
}

/** PostgreSQL drops no database that has one. */
async function dropSubscriptions(url: string): Promise<void> {
  await using db = await Connection.open(url);
  const rows = await db.rows<{ name: string }>(sql`
    select subname as name from pg_subscription
    where subdbid = (select oid from pg_database where datname = current_database())`);
  for (const { name } of rows)
    for (const work of [sql`disable`, sql`set (slot_name = none)`])
      await db.run(sql`alter subscription ${identSql(name)} ${work}`);
  for (const { name } of rows) await db.run(sql`drop subscription ${identSql(name)}`);
}
