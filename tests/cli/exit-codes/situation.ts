import { inject } from "vitest";
import type { ErrorCode } from "../../../src/base/errors.ts";
import { silentLog } from "../../../src/base/log.ts";
import { takeMigrationLock } from "../../../src/migrate/lock/lock.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { wipe } from "../../../src/workflows/wipe.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { type CliAnswer, cli, migrationFiles, type Project, testProject } from "../../support/project.ts";

/** What a command answers in one situation; the page and the test are made of the same lines. */
export interface Situation {
  /** Words of the command, or in parentheses what several have in common. */
  readonly command: string;
  readonly situation: string;
  readonly exit: number;
  /** Code of the error envelope; null where the answer is the command's own result. */
  readonly code: ErrorCode | null;
  /** Several answers where several commands must answer the same. */
  run(place: Place): Promise<CliAnswer | readonly CliAnswer[]>;
}

type Line = readonly [
  situation: string,
  exit: number,
  code: ErrorCode | null,
  run: (place: Place) => Promise<CliAnswer | readonly CliAnswer[]>,
];

export const situations = (command: string, lines: readonly Line[]): Situation[] =>
  lines.map(([situation, exit, code, run]) => ({ command, situation, exit, code, run }));

/** Run a command once these files are written. */
export const withFiles = (files: Readonly<Record<string, string>>, words: string) => (place: Place) => {
  place.write(files);
  return place.run(words);
};

/** The same where nothing but the files can name a database. */
export const withoutDatabase = (files: Readonly<Record<string, string>>, words: string) => (place: Place) => {
  place.write(files);
  return place.bare(words, { PATH: "/usr/local/bin:/usr/bin:/bin" });
};

/** Run a command once every migration is applied, and then these files are written. */
export const applied =
  (words: string, files: Readonly<Record<string, string>> = {}) =>
  async (place: Place) => {
    await place.run("migrate up");
    place.write(files);
    return await place.run(words);
  };

/** A project with two migrations that can go back, and a database of its own when one is needed. */
export interface Place extends AsyncDisposable {
  readonly project: Project;
  /** Write migrations, as `migrationFiles` takes them, or any files by their path. */
  migrations(files: Parameters<typeof migrationFiles>[0]): void;
  write(files: Readonly<Record<string, string>>): void;
  database(): Promise<TestDatabase>;
  url(): Promise<string>;
  ask(text: string): Promise<Record<string, unknown>[]>;
  /** A role that is no superuser, and how it connects. */
  plainRole(): Promise<{ readonly name: string; readonly url: string }>;
  /** Run in JSON mode; the environment names the database and a scratch server. */
  run(words: string, environment?: Readonly<Record<string, string>>): Promise<CliAnswer>;
  /** Run in JSON mode with nothing in the environment but this. */
  bare(words: string, environment?: Readonly<Record<string, string>>): Promise<CliAnswer>;
  /** Run while another session holds the migration lock. */
  whileLocked(words: string): Promise<CliAnswer>;
}

const TWO = {
  "1_a": ["create table a (id int)", "drop table a"],
  "2_b": ["create table b ()", "drop table b"],
} as const;

/** Nobody listens there. */
export const NOWHERE = "postgresql://nobody@127.0.0.1:1/nowhere";

/** Databases that nobody uses just now: one is emptied in a tenth of the time that it takes to make one. */
const idle: TestDatabase[] = [];

async function giveBack(database: TestDatabase): Promise<void> {
  await using db = await Connection.open(database.url);
  await db.transaction(() => wipe(db));
  idle.push(database);
}

/** For the end of the run. */
export async function dropDatabases(): Promise<void> {
  for (const database of idle.splice(0)) await database[Symbol.asyncDispose]();
}

export function openPlace(): Place {
  const project = testProject(migrationFiles(TWO));
  const roles: string[] = [];
  let made: Promise<TestDatabase> | undefined;
  const database = () => (made ??= Promise.resolve(idle.pop() ?? testDatabase()));
  const url = async () => (await database()).url;
  const write = (files: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(files)) project.write(file, text);
  };
  const ask = async (text: string) => {
    await using db = await Connection.open(await url());
    return await db.rows<Record<string, unknown>>(sql.raw(text));
  };
  const bare = (words: string, environment = {}) => cli(project.dir, `${words} --format json`, environment);
  const run = async (words: string, environment: Readonly<Record<string, string>> = {}) =>
    await bare(words, {
      CONFITURE_DATABASE_URL: await url(),
      CONFITURE_SCRATCH_URL: inject("serverUrl"),
      ...environment,
    });
  return {
    project,
    write,
    database,
    url,
    ask,
    run,
    bare,
    migrations: (files) => write(migrationFiles(files)),
    async plainRole() {
      const name = `${(await database()).name}_plain`;
      roles.push(name);
      await ask(`create role ${name} login`);
      return { name, url: (await url()).replace("postgres@", `${name}@`) };
    },
    async whileLocked(words) {
      const target = {
        url: await url(),
        environment: {},
        trackingTable: "tb_confiture",
        migrationsDir: "",
        log: silentLog,
      };
      await using lock = await takeMigrationLock(target, {});
      lock.assertHeld();
      return await run(words);
    },
    async [Symbol.asyncDispose]() {
      project[Symbol.dispose]();
      for (const role of roles) await ask(`drop owned by ${role} cascade; drop role ${role}`);
      if (made !== undefined) await giveBack(await made);
    },
  };
}
