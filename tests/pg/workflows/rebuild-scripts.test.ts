import { expect, test } from "vitest";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { readRebuildScripts } from "../../../src/workflows/rebuild-scripts.ts";
import { testDatabase } from "../../support/database.ts";
import { testProject } from "../../support/project.ts";

test("CREATE ROLE of a role that is there is left out and told; CONCURRENTLY is taken off; seeds are no schema", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const role = `app_${database.name}`;
  await db.run(sql.raw(`create role ${role}`));
  using project = testProject({
    "db/schema/1.sql": `create role ${role};\ncreate role ${role}_new;\ncreate table t (id int);\n`,
    "db/schema/2.sql": "create index concurrently i on t (id);\nvacuum;\n",
    "db/schema/seeds/1.sql": "insert into t values (1);\n",
  });
  const input = { projectDir: project.dir, includeDirs: [{ path: "db/schema" }] };
  const { scripts, statements, outside, warnings } = await readRebuildScripts(db, input);
  expect(warnings).toEqual([`role ${role} is there already: its CREATE ROLE was left out`]);
  expect(scripts.flatMap((script) => script.statements.map((s) => s.text))).toEqual([
    `create role ${role}_new`,
    "create table t (id int)",
    "create index i on t (id)",
    "vacuum",
  ]);
  expect([statements, outside]).toEqual([4, 1]);
});
