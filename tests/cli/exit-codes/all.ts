import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { cli, type CliAnswer } from "../../support/project.ts";
import { NOWHERE, type Place, situations } from "./situation.ts";

const CONFIG = "db/environments/local.yaml";

/** Every command that works on a database, called so that it gets as far as looking for it. */
const CONNECTING = [
  "build --apply",
  "coordinate abandon --intent-id x --reason y",
  "coordinate claim --intent-id x --shared a.b",
  "coordinate claims",
  "coordinate complete --intent-id x",
  "coordinate conflicts",
  "coordinate heartbeat --intent-id x",
  "coordinate history",
  "coordinate init",
  "coordinate list",
  "coordinate list-intents",
  "coordinate merge --intent-id x",
  "coordinate release --intent-id x",
  "coordinate resolve --conflict-id 1 --notes y",
  "coordinate start --intent-id x",
  "coordinate status",
  "coordinate steal --claim x --intent-id x --agent-id x --reason y",
  "coordinate watch",
  "drift",
  "export --output-dir new",
  "install-helpers",
  "introspect",
  "migrate apply-as admin 1",
  "migrate baseline --through 1",
  "migrate current",
  "migrate down",
  "migrate down-to 1",
  "migrate introspect",
  "migrate preflight --static",
  "migrate rebuild --yes",
  "migrate reinit --yes",
  "migrate status",
  "migrate up",
  "migrate verify",
  "verify",
  "verify-checksums",
];

const each = async (
  list: readonly string[],
  run: (words: string) => Promise<CliAnswer>,
): Promise<CliAnswer[]> => {
  const answers: CliAnswer[] = [];
  for (const words of list) answers.push(await run(words));
  return answers;
};

/** They can do without a database. */
const CONTENT = ["migrate preflight", "migrate status"];

/** All of them with these files, flags and environment; `apply-as` and `build` lack some flags. */
const connecting =
  (
    { flags = "", files = {}, but = [] }: { flags?: string; files?: Record<string, string>; but?: string[] },
    environment: Readonly<Record<string, string>> = {},
  ) =>
  (place: Place) => {
    place.write({ "db/schema/1.sql": "create table a ();", ...files });
    const list = CONNECTING.filter((words) => !but.some((word) => words.startsWith(word)));
    return each(list, (words) => place.bare(`${words} ${flags}`, environment));
  };

const OWN = { CONFITURE_DATABASE_URL: NOWHERE };
const ROLE = `apply_as: {admin: {url: "${NOWHERE}"}}\n`;

export const ALL = [
  ...situations("(no command)", [
    [
      "`--version`, `--exit-codes`, `--help`, or nothing at all",
      0,
      null,
      () => each(["--version", "--exit-codes", "--help", "migrate --help", ""], (words) => cli(".", words)),
    ],
    [
      "a command that does not exist",
      5,
      "CONFIG_008",
      (p) => each(["migrat up", "migrate nothing"], (words) => p.bare(words)),
    ],
  ]),
  ...situations("(every command)", [
    ["`--help`", 0, null, () => each(Object.keys(COMMANDS), (path) => cli(".", `${path} --help`))],
    [
      "a flag that does not exist",
      5,
      "CONFIG_008",
      (p) => each(Object.keys(COMMANDS), (path) => p.bare(`${path} --nonsense`)),
    ],
    [
      "a `--format` that does not exist",
      5,
      "CONFIG_008",
      () => each(Object.keys(COMMANDS), (path) => cli(".", `${path}${wordsFor(path)} --format xml`)),
    ],
  ]),
  ...situations("(every command that connects)", [
    ["the database cannot be reached", 3, "CONFIG_006", connecting({ files: { [CONFIG]: ROLE } }, OWN)],
    [
      "no database is named (but for `preflight` and `status`)",
      5,
      "CONFIG_004",
      connecting({ but: CONTENT }),
    ],
    [
      "no database is named, under `--no-config`",
      5,
      "CONFIG_010",
      connecting({ flags: "--no-config", but: ["build", "migrate apply-as"] }),
    ],
    [
      "the config file names no database (but for `preflight` and `status`)",
      5,
      "CONFIG_001",
      connecting({ files: { [CONFIG]: "name: local\n" }, but: CONTENT }),
    ],
    [
      "the config file is not valid",
      5,
      "CONFIG_002",
      connecting({ files: { [CONFIG]: "include_dir: [db]\n" } }, OWN),
    ],
    [
      "the connection string is malformed",
      5,
      "CONFIG_003",
      connecting({ files: { [CONFIG]: ROLE } }, { CONFITURE_DATABASE_URL: "postgresql://h:port/x" }),
    ],
    [
      "a config file or an environment that does not exist",
      5,
      "CONFIG_004",
      async (p) => [
        ...(await connecting({ flags: "-c no.yaml" })(p)),
        ...(await connecting({ flags: "-e no" })(p)),
      ],
    ],
    [
      "CONFITURE_DATABASE_URL is set, and `--config` or `--env` is given",
      5,
      "CONFIG_007",
      connecting({ flags: "--env local", files: { [CONFIG]: `database_url: ${NOWHERE}\n${ROLE}` } }, OWN),
    ],
    [
      "`--config` and `--env`",
      5,
      "CONFIG_008",
      connecting({ flags: `-c ${CONFIG} -e local`, files: { [CONFIG]: ROLE } }),
    ],
    [
      "`--no-config` and `--config`, in either order",
      5,
      "CONFIG_008",
      async (p) => {
        const but = ["build", "migrate apply-as"];
        const orders = [`-c ${CONFIG} --no-config`, `--no-config -c ${CONFIG}`];
        const answers = [];
        for (const flags of orders) answers.push(...(await connecting({ flags, but }, OWN)(p)));
        return answers;
      },
    ],
    [
      "a variable in database_url is not set (but for `preflight`)",
      5,
      "CONFIG_009",
      connecting({ files: { [CONFIG]: "database_url: ${NOT_SET}\n" }, but: ["migrate preflight"] }),
    ],
  ]),
];

/** Arguments that a command needs to get as far as its flags. */
function wordsFor(path: string): string {
  const needed: Readonly<Record<string, string>> = {
    completion: " bash",
    "coordinate sandbox url": " sandbox_x",
    diff: " empty empty",
    import: " dbmate old",
    "migrate apply-as": " admin 1",
    "migrate down-to": " 1",
    "migrate generate": " x",
  };
  return needed[path] ?? "";
}
