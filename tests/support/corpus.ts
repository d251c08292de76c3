import { existsSync, readdirSync, readFileSync } from "node:fs";
import { inject } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "./database.ts";
import { makeRoles } from "./roles.ts";

const CORPUS = "tests/corpus";

export const pairNames = readdirSync(CORPUS).sort();

/** Two schemas, and rows for the first, which a plan must keep as far as the second has a place for them. */
interface Pair {
  readonly a: string;
  readonly b: string;
  readonly seed: string;
  /** A pair for newer servers only says so in the first line of a.sql, e.g. `-- postgresql >= 15`. */
  readonly major: number;
  /** Error code of each way that cannot be planned, and is refused: `{ "a → b": "DIFFER_404" }`. */
  readonly refused: Readonly<Record<string, string>>;
  /** Ways that pg_dump sees miss their end though we do not, with the first major: `{ "a → b": 18 }`. They must miss. */
  readonly gaps: Readonly<Record<string, number>>;
}

export function readPair(name: string): Pair {
  const read = (file: string, otherwise?: string) => {
    const path = `${CORPUS}/${name}/${file}`;
    return otherwise !== undefined && !existsSync(path) ? otherwise : readFileSync(path, "utf8");
  };
  const a = read("a.sql");
  const gaps = JSON.parse(read("gaps.json", "{}")) as Record<string, number>;
  const refused = JSON.parse(read("refused.json", "{}")) as Record<string, string>;
  const major = Number(a.match(/^-- postgresql >= (\d+)\n/)?.[1] ?? 13);
  return { a, b: read("b.sql"), seed: read("seed.sql", ""), major, refused, gaps };
}

export interface LoadedSide extends AsyncDisposable {
  readonly url: string;
  readonly db: Connection;
}

/** A database that holds what some SQL makes; disposing drops it. */
export async function loadSide(...scripts: readonly string[]): Promise<LoadedSide> {
  const database = await testDatabase();
  const db = await Connection.open(database.url);
  const side = {
    url: database.url,
    db,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
  try {
    for (const script of scripts) if (script !== "") await db.run(sql.raw(script));
    return side;
  } catch (error) {
    await side[Symbol.asyncDispose]();
    throw error;
  }
}

/** The roles that pairs may name. */
export async function makeCorpusRoles(): Promise<void> {
  await using db = await Connection.open(inject("serverUrl"));
  await makeRoles(db, "corpus_other", "corpus_owner", "corpus_reader");
}
