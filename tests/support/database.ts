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
  await admin((db) => db.run(sql`create database ${identSql(name)}`));
  return {
    name,
    url: inject("serverUrl").replace("/postgres?", `/${name}?`),
    [Symbol.asyncDispose]: () => admin((db) => db.run(sql`drop database ${identSql(name)} with (force)`)),
  };
}
