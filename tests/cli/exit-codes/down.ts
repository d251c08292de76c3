import { applied, type Place, situations } from "./situation.ts";

const withThird = (up: string, down: string) => (place: Place) => place.migrations({ "3_c": [up, down] });

/** Version 3 is applied; its way back is as given. */
const backFrom = (words: string, up: string, down?: string) => async (place: Place) => {
  if (down === undefined) place.migrations({ "3_c": up });
  else withThird(up, down)(place);
  await place.run("migrate up");
  return await place.run(words);
};

const rollback = (words: string) =>
  [
    ["applied migrations are rolled back", 0, null, applied(words)],
    ["`--dry-run`", 0, null, applied(`${words} --dry-run`)],
    ["there is no ledger", 2, "PRECON_1001", (p: Place) => p.run(words)],
    ["a rollback fails and is undone", 3, "MIGR_001", backFrom(words, "select 1", "select 1 / 0")],
    [
      "an applied migration's files are gone",
      3,
      "MIGR_100",
      applied(`${words} --migrations-dir other`, { "other/1_a.up.sql": "select 1" }),
    ],
    [
      "a down file controls the transaction",
      3,
      "MIGR_107",
      backFrom(words, "select 1", "select 1; commit; select 1"),
    ],
    ["a down file does not parse", 3, "MIGR_108", backFrom(words, "select 1", "dorp table c")],
    [
      "a rollback outside a transaction stops half-way",
      3,
      "MIGR_110",
      backFrom(
        words,
        "create index a_id on a (id)",
        "drop index concurrently a_id;\ndrop index concurrently a_x;",
      ),
    ],
    [
      "the migrations directory does not exist",
      5,
      "CONFIG_004",
      applied(`${words} --migrations-dir nowhere`),
    ],
    [
      "another run holds the migration lock",
      6,
      "LOCK_1300",
      (p: Place) => p.whileLocked(`${words} --lock-timeout 50`),
    ],
    ["a migration has no down file", 8, "ROLLBACK_600", backFrom(words, "create table c ()")],
    [
      "a migration is declared irreversible",
      8,
      "ROLLBACK_600",
      backFrom(words, "-- confiture: irreversible\ncreate table c ()", "drop table c"),
    ],
  ] as const;

export const DOWN = [
  ...situations("migrate down", [
    ...rollback("migrate down"),
    [
      "nothing is applied",
      0,
      null,
      async (p) => (await p.run("migrate up"), await p.run("migrate down --steps 2"), p.run("migrate down")),
    ],
    ["`--steps 0`", 5, "CONFIG_008", (p) => p.run("migrate down --steps 0")],
  ]),
  ...situations("migrate down-to", [
    ...rollback("migrate down-to 1"),
    ["the revision is the newest already", 0, null, applied("migrate down-to 2")],
    [
      "the revision is not applied",
      3,
      "MIGR_100",
      async (p) => (await p.run("migrate up --target 1"), p.run("migrate down-to 2")),
    ],
    ["the revision is not known", 3, "MIGR_100", applied("migrate down-to 9")],
    ["no revision is given", 5, "CONFIG_008", (p) => p.run("migrate down-to")],
  ]),
];
