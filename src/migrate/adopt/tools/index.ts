import type { Tool } from "../tool.ts";
import { alembic } from "./alembic.ts";
import { dbmate } from "./dbmate.ts";
import { drizzle } from "./drizzle.ts";
import { flyway } from "./flyway.ts";
import { golangMigrate } from "./golang-migrate.ts";
import { goose } from "./goose.ts";
import { graphileMigrate } from "./graphile-migrate.ts";
import { knex } from "./knex.ts";
import { liquibaseSql } from "./liquibase-sql.ts";
import { nodePgMigrate } from "./node-pg-migrate.ts";
import { prisma } from "./prisma.ts";
import { rails } from "./rails.ts";
import { sqitch } from "./sqitch.ts";
import { sqlx } from "./sqlx.ts";

/** Every migration tool one can come from, alphabetical. */
export const TOOLS: readonly Tool[] = [
  alembic,
  dbmate,
  drizzle,
  flyway,
  golangMigrate,
  goose,
  graphileMigrate,
  knex,
  liquibaseSql,
  nodePgMigrate,
  prisma,
  rails,
  sqitch,
  sqlx,
];
