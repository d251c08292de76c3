import fc from "fast-check";
import { expect, test } from "vitest";
import { Connection } from "../../../src/pg/connection.ts";
import { ident, literal, sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";

const HOSTILE = [
  '"',
  'a"b',
  "a.b",
  "a b",
  "a$b",
  "$1",
  "Ab",
  "É",
  "é",
  "ß",
  "1a",
  "_a",
  "a'b",
  "a\\b",
  "😀",
  "a\nb",
  "--",
  " ",
];

test("every keyword and hostile name is quoted as the server would", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const rows = await db.rows<{ name: string; quoted: string }>(sql`
    select name, quote_ident(name) as quoted
    from (select word as name from pg_get_keywords() union all select unnest(${HOSTILE}::text[])) as names`);
  expect(rows.length).toBeGreaterThan(400);
  const different = rows.filter(({ name, quoted }) => ident(name) !== quoted).map(({ name }) => name);
  expect(different).toEqual(db.server.major === 16 ? ["json"] : []); // reserved since 17
});

test("literals come back as they were, whatever standard_conforming_strings says", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const text = fc.string({ unit: fc.constantFrom("'", "\\", '"', "$", "\n", "e", "é", "😀", "\u0001") });
  for (const setting of ["on", "off"]) {
    await db.run(sql.raw(`set standard_conforming_strings = ${setting}`));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (values) => {
        const list = values.map(literal).join(",");
        const [row] = await db.rows<{ back: string[] }>(sql`select array[${sql.raw(list)}]::text[] as back`);
        expect(row?.back).toEqual(values);
      }),
      { numRuns: 40 },
    );
  }
});
