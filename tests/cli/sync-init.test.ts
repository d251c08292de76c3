import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { cli, testProject } from "../support/project.ts";
import { query } from "../support/sync.ts";

test("sync init tells what it proposes, why, and what it leaves to read", async () => {
  await using database = await testDatabase();
  await query(
    database.url,
    `create table person (id int primary key, email text, first_name text, note text);
     insert into person values (1, 'ada@real.example', 'Ada', 'Something about her')`,
  );
  using project = testProject({ "db/environments/prod.yaml": `database_url: ${database.url}\n` });
  const init = (words = "") => cli(project.dir, `sync init --from prod ${words}`);
  const first = await init();
  expect(first.exit).toBe(0);
  expect(first.out).toBe(`column                    type  anonymizer  reason
public.person.email       text  email       100 % of 1 value(s) look like email, and so does the name
public.person.first_name  text  first-name  by its name

Wrote db/sync/anonymization.yaml: 2 column(s) to replace, 2 to keep
`);
  expect(first.err).toContain("hint: read the file");
  const written = readFileSync(project.path("db/sync/anonymization.yaml"), "utf8");
  expect(written).toContain("note: keep # its name looks like text");
  expect(first.out + first.err + written).not.toMatch(/real\.example|Ada|Something about/);

  const again = await init();
  expect({ exit: again.exit, out: again.out, err: again.err }).toEqual({
    exit: 0,
    out: "Nothing to add to db/sync/anonymization.yaml: it says what happens to all of 4 column(s)\n",
    err: "",
  });
  await query(database.url, "alter table person add phone text");
  expect((await init()).out).toContain(
    "Added to db/sync/anonymization.yaml: 1 column(s) to replace, 0 to keep; of 4 it said so before",
  );
  expect((await init("--force --format json")).json).toMatchObject({
    outcome: "rewritten",
    anonymized: 3,
    kept: 2,
    existing: 0,
  });
});
