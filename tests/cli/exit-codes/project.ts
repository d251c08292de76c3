import { rmSync } from "node:fs";
import { NOWHERE, type Place, situations, withoutDatabase } from "./situation.ts";

const CONFIG = "db/environments/local.yaml";

const build = (text: string, words = "build") => withoutDatabase({ "db/schema/1.sql": text }, words);

const BUILD = situations("build", [
  ["the script is written", 0, null, build("create table a ();")],
  [
    "`--apply`: the database is built",
    0,
    null,
    (p) => (p.write({ "db/schema/1.sql": "create table a ();" }), p.run("build --apply")),
  ],
  [
    "`--apply`: the database cannot be reached",
    3,
    "CONFIG_006",
    build("create table a ();", `build -d ${NOWHERE}`),
  ],
  [
    "a statement fails",
    4,
    "SCHEMA_001",
    (p) => (p.write({ "db/schema/1.sql": "select 1 / 0;" }), p.run("build --apply")),
  ],
  [
    "a file does not parse",
    4,
    "SCHEMA_200",
    (p) => (p.write({ "db/schema/1.sql": "creat table a ();" }), p.run("build --apply")),
  ],
  ["there are no DDL files", 4, "SCHEMA_201", (p) => p.bare("build")],
  [
    "an object is missing, or two need each other",
    4,
    "SCHEMA_202",
    (p) => (
      p.write({ "db/schema/1.sql": "create view v as select * from nothing;" }),
      p.run("build --apply")
    ),
  ],
  [
    "a file is not UTF-8",
    4,
    "SCHEMA_205",
    (p) => (p.project.write("db/schema/1.sql", Buffer.from([0x2d, 0x2d, 0xe9])), p.bare("build")),
  ],
  ["a comment, string or dollar quote is never closed", 4, "SCHEMA_206", build("select 'a;")],
  [
    "a psql command stands in a file",
    4,
    "SCHEMA_207",
    (p) => (p.write({ "db/schema/1.sql": "\\i other.sql\n" }), p.run("build --apply")),
  ],
  [
    "the script cannot be written",
    5,
    "CONFIG_004",
    build("create table a ();", "build --output db/schema/1.sql/x.sql"),
  ],
  [
    "a glob of include_dirs is malformed",
    5,
    "CONFIG_005",
    withoutDatabase(
      { "db/schema/1.sql": "", [CONFIG]: "include_dirs: [{path: db/schema, include: ['[']}]\n" },
      "build",
    ),
  ],
  [
    "flags that exclude each other",
    5,
    "CONFIG_008",
    build("create table a ();", "build --two-pass --no-two-pass"),
  ],
]);

const INIT = situations("init", [
  [
    "a project is written; what is there already stays",
    0,
    null,
    async (p) => [await p.bare("init new"), await p.bare("init new")],
  ],
  ["the folder cannot be made", 5, "CONFIG_004", withoutDatabase({ file: "" }, "init file")],
]);

/** The database is stopped whatever happens. */
const withEmbedded = (work: (place: Place) => Promise<void>, words: string) => async (place: Place) => {
  try {
    await work(place);
    return await place.bare(words);
  } finally {
    await place.bare("db stop");
  }
};

const started = async (place: Place) => void (await place.bare("db start"));

/** Data that no server can start with. */
const broken = async (place: Place) => {
  await place.bare("db start");
  const { dataDir } = (await place.bare("db status")).json as { dataDir?: string };
  await place.bare("db stop");
  rmSync(`${dataDir}/global/pg_control`);
};

const EMBEDDED = [
  ...situations("db start", [
    ["the database runs, now or already", 0, null, async (p) => [await withEmbedded(started, "db start")(p)]],
    ["its PostgreSQL does not start", 3, "SCRATCH_002", withEmbedded(broken, "db start")],
    ["more words than it takes", 5, "CONFIG_008", (p) => p.bare("db start now")],
  ]),
  ...situations("db url", [
    ["the connection string is printed", 0, null, withEmbedded(started, "db url")],
    ["its PostgreSQL does not start", 3, "SCRATCH_002", withEmbedded(broken, "db url")],
  ]),
  ...situations("db status", [
    ["running, stopped or absent", 0, null, (p) => p.bare("db status")],
    [
      "the project's folder does not exist",
      5,
      "CONFIG_004",
      (p) => p.bare("db status --project-dir nowhere"),
    ],
  ]),
  ...situations("db stop", [
    [
      "it is stopped, or was not running",
      0,
      null,
      async (p) => (await p.bare("db start"), [await p.bare("db stop"), await p.bare("db stop")]),
    ],
    ["the project's folder does not exist", 5, "CONFIG_004", (p) => p.bare("db stop --project-dir nowhere")],
  ]),
];

const HOOKS_TEST = situations("hooks test", [
  [
    "every hook and notification works",
    0,
    null,
    withoutDatabase({ [CONFIG]: 'hooks: {before_run: [{command: "true"}]}\n' }, "hooks test"),
  ],
  [
    "`--dry-run`",
    0,
    null,
    withoutDatabase({ [CONFIG]: 'hooks: {before_run: [{command: "false"}]}\n' }, "hooks test --dry-run"),
  ],
  [
    "one of them fails",
    1,
    null,
    withoutDatabase({ [CONFIG]: 'hooks: {before_run: [{command: "false"}]}\n' }, "hooks test"),
  ],
  ["there is nothing to test", 1, null, (p) => p.bare("hooks test")],
  [
    "the configuration is not valid",
    5,
    "CONFIG_002",
    withoutDatabase({ [CONFIG]: "hooks: {before_execute: [{command: x}]}\n" }, "hooks test"),
  ],
]);

const COMPLETION = situations("completion", [
  ["the script is printed", 0, null, (p) => p.bare("completion bash")],
  [
    "an unknown shell, or none",
    5,
    "CONFIG_008",
    async (p) => [await p.bare("completion tcsh"), await p.bare("completion")],
  ],
]);

export const PROJECT = [...BUILD, ...INIT, ...EMBEDDED, ...HOOKS_TEST, ...COMPLETION];
