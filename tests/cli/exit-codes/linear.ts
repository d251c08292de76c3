import { commit, git, gitEnvironment } from "../../support/git.ts";
import { NOWHERE, type Place, situations, withFiles, withoutDatabase } from "./situation.ts";

const CONFIG = "db/environments/local.yaml";

/** Nothing could be read from it. */
const STALE = { "db/migrations/migrations.sum": "" };

const WRITES = [
  ...situations("init", [["`--linear`: with migrations.sum", 0, null, (p) => p.bare("init new --linear")]]),
  ...situations("migrate generate", [
    [
      "there is a migrations.sum, which is written anew",
      0,
      null,
      async (p) => [await p.bare("migrate validate --linear --fix"), await p.bare("migrate generate add_c")],
    ],
    [
      "migrations.sum does not match the files, or `migration.linear` and it is missing",
      3,
      "MIGR_115",
      async (p) => [
        await withoutDatabase(STALE, "migrate generate add_c")(p),
        await withoutDatabase(
          { [CONFIG]: "migration: {linear: true}\n" },
          "migrate generate add_c --migrations-dir db/migrations",
        )(p),
      ],
    ],
  ]),
  ...situations("import", [
    [
      "migrations.sum does not match the files",
      3,
      "MIGR_115",
      withoutDatabase({ ...STALE, "old/3_c.sql": "-- migrate:up\nselect 1;\n" }, "import dbmate old"),
    ],
  ]),
  ...situations("migrate squash", [
    ["migrations.sum does not match the files", 3, "MIGR_115", withFiles(STALE, "migrate squash -t 2")],
  ]),
];

const READS = ["migrate up", "migrate preflight", "migrate apply-as"].flatMap((command) =>
  situations(command, [
    [
      "migrations.sum does not match the files",
      3,
      "MIGR_115",
      withFiles(
        { ...STALE, [CONFIG]: `apply_as: {admin: {url: "${NOWHERE}"}}\ndatabase_url: ${NOWHERE}\n` },
        command === "migrate apply-as" ? `${command} admin 1` : command,
      ),
    ],
  ]),
);

/** The project's migrations are on `main`, and these files on a branch of it. */
function branch(place: Place, files: Readonly<Record<string, string>>): void {
  git(place.project, "init", "-q", "-b", "main");
  commit(place.project);
  git(place.project, "checkout", "-qb", "mine");
  place.write(files);
  commit(place.project);
}

const onBranch =
  (words: string, files: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) =>
  (place: Place) => {
    branch(place, files);
    return place.run(words, { ...gitEnvironment(place.project), ...more });
  };

const LATE = { "db/migrations/3_c.up.sql": "create table c ()" };
const EARLY = { "db/migrations/2_c.up.sql": "create table c ()" };

const REBASE = situations("migrate rebase", [
  [
    "the migrations of the branch stand behind those of the base",
    0,
    null,
    onBranch("migrate rebase --onto main", LATE),
  ],
  ["one gets a new version", 0, null, onBranch("migrate rebase --onto main", EARLY)],
  ["`--dry-run`", 0, null, onBranch("migrate rebase --onto main --dry-run", EARLY)],
  [
    "the ledger cannot be read, which is told",
    0,
    null,
    onBranch("migrate rebase --onto main", EARLY, { CONFITURE_DATABASE_URL: NOWHERE }),
  ],
  [
    "a migration that must be renamed is applied",
    3,
    "MIGR_116",
    async (p) => {
      await p.ask("create table c ()");
      branch(p, { "db/migrations/0_c.up.sql": "select 1" });
      await p.run("migrate up");
      return await p.run("migrate rebase --onto main", gitEnvironment(p.project));
    },
  ],
  [
    "the chain fails on a scratch database",
    3,
    "MIGR_117",
    onBranch("migrate rebase --onto main", { "db/migrations/2_c.up.sql": "create table a ()" }),
  ],
  [
    "the branch changed a migration of the base",
    3,
    "MIGR_119",
    onBranch("migrate rebase --onto main", { "db/migrations/1_a.up.sql": "select 1" }),
  ],
  [
    "the migrations directory does not exist",
    5,
    "CONFIG_004",
    (p) => p.run("migrate rebase --migrations-dir no"),
  ],
  ["git does not know the ref", 7, "DIFFER_403", onBranch("migrate rebase", LATE)],
]);

const VALIDATE = situations("migrate validate", [
  ["`--linear --fix`: migrations.sum is written", 0, null, (p) => p.bare("migrate validate --linear --fix")],
  [
    "`--linear --base`: the branch's migrations come after those of the base",
    0,
    null,
    onBranch("migrate validate --linear --fix --base main", LATE),
  ],
  ["migrations.sum does not match the files", 1, null, withoutDatabase(STALE, "migrate validate")],
  ["`--linear`: migrations.sum is missing", 1, null, (p) => p.bare("migrate validate --linear")],
  [
    "`--linear --base`: a migration does not come after those of the base, or one of those was changed",
    1,
    null,
    async (p) => {
      const first = await onBranch("migrate validate --linear --fix --base main", EARLY)(p);
      p.write({ "db/migrations/1_a.up.sql": "" });
      return [first, await p.bare("migrate validate --linear --fix --base main", gitEnvironment(p.project))];
    },
  ],
  [
    "`--fix-naming`, and migrations.sum does not match the files",
    3,
    "MIGR_115",
    withoutDatabase({ ...STALE, "db/migrations/3_c.sql": "" }, "migrate validate --fix-naming"),
  ],
  [
    "`--base` or `--fix` without `--linear`",
    5,
    "CONFIG_008",
    async (p) => [await p.bare("migrate validate --fix"), await p.bare("migrate validate --base main")],
  ],
  [
    "`--base`: git does not know the ref",
    7,
    "DIFFER_403",
    onBranch("migrate validate --linear --base origin/main", LATE),
  ],
]);

export const LINEAR = [...WRITES, ...READS, ...REBASE, ...VALIDATE];
