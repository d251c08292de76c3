import type { Connection } from "../../src/pg/connection.ts";
import { identSql, sql } from "../../src/sql/tag.ts";

/** Roles of the whole server, which two test files may make at the same moment: the later one then violates their unique index. */
export async function makeRoles(db: Connection, ...roles: readonly string[]): Promise<void> {
  for (const role of roles)
    await db.run(
      sql`do $$ begin create role ${identSql(role)}; exception when duplicate_object or unique_violation then end $$`,
    );
}
