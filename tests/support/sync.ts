import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { masterKey } from "../../src/sync/keyed/master-key.ts";
import { parseRules } from "../../src/sync/rules-file.ts";
import type { SyncRequest } from "../../src/sync/sync.ts";
import { testDatabase, type TestDatabase } from "./database.ts";
import { testLog } from "./log.ts";

export interface Pair extends AsyncDisposable {
  readonly source: TestDatabase;
  readonly target: TestDatabase;
  readonly request: (given?: RequestOptions) => SyncRequest;
}

export interface RequestOptions extends Partial<Omit<SyncRequest, "rules">> {
  /** Text of a rules file. */
  readonly rules?: string;
}

/** Two databases with the same schema, the source with rows. */
export async function syncPair(schema: string, rows: string): Promise<Pair> {
  const [source, target] = [await testDatabase(), await testDatabase()];
  await run(source.url, `${schema};${rows}`);
  await run(target.url, schema);
  return {
    source,
    target,
    request: ({ rules, ...given } = {}) => ({
      source: { url: source.url, name: "source" },
      target: { url: target.url, name: "target" },
      environment: undefined,
      rules: rules === undefined ? [] : [parseRules(rules, "anonymization.yaml")],
      key: () => masterKey("a key of the tests, 1"),
      allowPlaintext: rules === undefined,
      replace: false,
      ours: ["tb_confiture"],
      jobs: 2,
      resume: false,
      inPlace: false,
      scan: "sample",
      log: testLog(),
      ...given,
    }),
    [Symbol.asyncDispose]: async () => {
      await source[Symbol.asyncDispose]();
      await target[Symbol.asyncDispose]();
    },
  };
}

async function run(url: string, text: string): Promise<void> {
  await using db = await Connection.open(url);
  await db.run(sql.raw(text));
}

export async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  await using db = await Connection.open(url);
  return await db.rows<Row>(sql.raw(text));
}
