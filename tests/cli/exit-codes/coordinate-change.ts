import { type Place, situations } from "./situation.ts";

const WHO = "--agent-id eve --feature-name tax --schema-changes";

/** Files with SQL, as words of a command have no blanks here. */
const FILES = {
  "column.sql": "alter table a add column tax int",
  "other.sql": "alter table a add column vat int",
  "text.sql": "alter table a add column tax text",
  "insert.sql": "insert into a values (1)",
  "delete.sql": "update a set id = 2",
  "truncate.sql": "truncate a",
  "bad.sql": "alter tabel a",
};

/** Run words where a table is there, and perhaps an intent that adds a column to it. */
const at =
  (words: string, ...before: readonly string[]) =>
  async (place: Place) => {
    place.write(FILES);
    await place.ask("create table a (id int)");
    await place.run("coordinate init");
    for (const one of before) await place.run(one);
    return await place.run(words);
  };

const ADA = "coordinate register --agent-id ada --feature-name tax --schema-changes column.sql";

/** What both answer that read a change. */
const common = (verb: string) =>
  [
    [
      "the tables are not there",
      5,
      "COORD_1001",
      (p: Place) => (p.write(FILES), p.run(`coordinate ${verb} ${WHO} column.sql`)),
    ],
    ["its SQL does not parse", 4, "SCHEMA_200", at(`coordinate ${verb} ${WHO} bad.sql`)],
    ["a file is not there", 5, "CONFIG_004", at(`coordinate ${verb} ${WHO} nothing.sql`)],
    [
      "there is no such migration",
      3,
      "MIGR_100",
      at(`coordinate ${verb} --agent-id eve --feature-name tax --migration 99`),
    ],
    [
      "`--from-diff`, and nothing differs",
      1,
      "DIFFER_408",
      (p: Place) => {
        p.write({ "db/schema/a.sql": "create table a (id int); create table b ();" });
        return p.run(`coordinate ${verb} --agent-id eve --feature-name tax --from-diff`);
      },
    ],
    [
      "nothing says what will be changed",
      5,
      "CONFIG_008",
      at(`coordinate ${verb} --agent-id eve --feature-name tax`),
    ],
  ] as const;

const proved = (words: string) => (place: Place) => {
  place.write({ ...FILES, "a.sql": "create table a (id int)" });
  return place.run(`coordinate prove ${words} --base a.sql`);
};

export const COORDINATE_CHANGE = [
  ...situations("coordinate register", [
    ["nobody is in the way", 0, null, at(`coordinate register ${WHO} column.sql`)],
    ["somebody is in the way, and it is conflicted", 0, null, at(`coordinate register ${WHO} text.sql`, ADA)],
    ...common("register"),
    [
      "`--metadata` is no JSON object",
      5,
      "CONFIG_008",
      at(`coordinate register ${WHO} column.sql --metadata [1]`),
    ],
    [
      "a name or text is empty or too long",
      5,
      "COORD_1008",
      at(`coordinate register --agent-id ${"x".repeat(256)} --feature-name tax --schema-changes column.sql`),
    ],
  ]),
  ...situations("coordinate check", [
    [
      "nobody is in the way, or the order alone matters",
      0,
      null,
      at(`coordinate check ${WHO} other.sql`, ADA),
    ],
    ["somebody is in the way", 1, null, at(`coordinate check ${WHO} text.sql`, ADA)],
    [
      "`--prove`, and both orders lead to the same",
      0,
      null,
      at(`coordinate check ${WHO} other.sql --prove`, ADA),
    ],
    ["`--prove`, and neither order works", 1, null, at(`coordinate check ${WHO} text.sql --prove`, ADA)],
    ...common("check"),
    ["`--base` without `--prove`", 5, "CONFIG_008", at(`coordinate check ${WHO} column.sql --base empty`)],
  ]),
  ...situations("coordinate prove", [
    ["both orders lead to the same", 0, null, proved("column.sql other.sql")],
    ["they lead to something else, or one of them fails", 1, null, proved("insert.sql delete.sql")],
    ["they lead to the same, and rows are not proven", 1, null, proved("delete.sql truncate.sql")],
    [
      "there is no intent of this id",
      1,
      "COORD_1002",
      at("coordinate prove 11111111-1111-4111-8111-111111111111 column.sql"),
    ],
    ["there is no such migration", 3, "MIGR_100", at("coordinate prove 99 column.sql")],
    ["SQL does not parse", 4, "SCHEMA_200", at("coordinate prove bad.sql column.sql")],
    ["there is no such side", 5, "DIFFER_402", at("coordinate prove column.sql other.sql --base nowhere")],
  ]),
];
