import { expect, inject, test } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { cli, testProject } from "../support/project.ts";

const environment = { CONFITURE_SCRATCH_URL: inject("serverUrl") };

test("stdout of create and url is the connection string alone; list and drop tell the name", async () => {
  using project = testProject({ "db/schema/1.sql": "create table a (id int);\n" });
  const run = (words: string) => cli(project.dir, `coordinate sandbox ${words}`, environment);
  const { out, err } = await run("create --intent add-email --agent ann");
  const name = /^(sandbox_add_email_[0-9a-f]{10}), kept until /m.exec(err)![1]!;
  await using db = await Connection.open(out.trim());
  expect(await db.rows(sql`select current_database()::text as name`)).toEqual([{ name }]);
  expect((await run(`url ${name}`)).out).toBe(out);
  expect((await run("list")).out).toMatch(
    new RegExp(`^${name} +add-email +ann +schema +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d +1$`, "m"),
  );
  const misspelt = await run(`url ${name.slice(0, -1)}`);
  expect(misspelt).toMatchObject({ exit: 5, err: expect.stringContaining(`Did you mean ${name}?`) });
  expect((await run(`drop ${name}`)).out).toBe(`Dropped ${name}.\n`);
});

test("`coordinate` and `coordinate sandbox` alone print what there is", async () => {
  expect((await cli(".", "coordinate")).out).toContain("sandbox");
  expect(await cli(".", "coordinate sandbox")).toMatchObject({
    exit: 0,
    out: expect.stringContaining("create, drop, list, url"),
  });
});
