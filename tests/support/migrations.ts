import { silentLog } from "../../src/base/log.ts";
import type { Target } from "../../src/migrate/target.ts";
import { Connection } from "../../src/pg/connection.ts";
import type { Sql } from "../../src/sql/tag.ts";
import { type TestDatabase, testDatabase } from "./database.ts";
import { migrationFiles, type Project, testProject } from "./project.ts";

/** A database of its own and a project with these migrations. */
export interface Bench extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly project: Project;
  readonly target: Target;
  ask<Row extends object>(statement: Sql): Promise<Row[]>;
}

export async function testMigrations(migrations: Parameters<typeof migrationFiles>[0]): Promise<Bench> {
  const database = await testDatabase();
  const project = testProject(migrationFiles(migrations));
  return {
    database,
    project,
    target: {
      url: database.url,
      environment: {},
      trackingTable: "tb_confiture",
      migrationsDir: project.path("db/migrations"),
      log: silentLog,
    },
    async ask(statement) {
      await using db = await Connection.open(database.url);
      return await db.rows(statement);
    },
    async [Symbol.asyncDispose]() {
      project[Symbol.dispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}
