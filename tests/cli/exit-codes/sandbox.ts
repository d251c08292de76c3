import { NOWHERE, type Place, situations } from "./situation.ts";

/** What a line leaves on the server is dropped again. */
const withSandbox = (words: (name: string) => string) => async (place: Place) => {
  place.write({ "db/schema/1.sql": "create table a ();" });
  const { json } = await place.run("coordinate sandbox create --intent exit-codes");
  const name = String(json["name"]);
  const answer = await place.run(words(name));
  await place.run(`coordinate sandbox drop ${name}`);
  return answer;
};

const wrongly = (words: string) => (place: Place) => {
  place.write({ "db/schema/1.sql": "create table a ();" });
  return place.run(words);
};

export const SANDBOX = [
  ...situations("coordinate sandbox create", [
    [
      "a database was made, of the DDL files or of a live one",
      0,
      null,
      async (p) => {
        p.write({ "db/schema/1.sql": "create table a ();" });
        const made = [
          await p.run("coordinate sandbox create --agent ann --ttl 10h"),
          await p.run(`coordinate sandbox create --from ${await p.url()}`),
        ];
        for (const { json } of made) await p.run(`coordinate sandbox drop ${String(json["name"])}`);
        return made;
      },
    ],
    [
      "the database of `--from` or the server cannot be reached",
      3,
      "CONFIG_006",
      async (p) => [
        await p.run(`coordinate sandbox create --from ${NOWHERE}`),
        await wrongly(`coordinate sandbox create --scratch-url ${NOWHERE}`)(p),
      ],
    ],
    ["there are no DDL files", 4, "SCHEMA_201", (p) => p.run("coordinate sandbox create")],
    [
      "`--from` is no connection string",
      5,
      "CONFIG_003",
      (p) => p.run("coordinate sandbox create --from staging"),
    ],
    [
      "`--ttl` is no time, or more than 30 days",
      5,
      "CONFIG_008",
      async (p) => [
        await wrongly("coordinate sandbox create --ttl soon")(p),
        await wrongly("coordinate sandbox create --ttl 31d")(p),
      ],
    ],
  ]),
  ...situations("coordinate sandbox list", [
    ["there are some, or none", 0, null, withSandbox(() => "coordinate sandbox list")],
    [
      "the server cannot be reached",
      3,
      "CONFIG_006",
      (p) => p.run(`coordinate sandbox list --scratch-url ${NOWHERE}`),
    ],
  ]),
  ...situations("coordinate sandbox url", [
    ["it is there", 0, null, withSandbox((name) => `coordinate sandbox url ${name}`)],
    ["there is none of this name", 5, "SANDBOX_001", (p) => p.run("coordinate sandbox url sandbox_none")],
  ]),
  ...situations("coordinate sandbox drop", [
    [
      "it was dropped, or `--all-expired`",
      0,
      null,
      async (p) => [
        await withSandbox((name) => `coordinate sandbox drop ${name}`)(p),
        await p.run("coordinate sandbox drop --all-expired"),
      ],
    ],
    ["there is none of this name", 5, "SANDBOX_001", (p) => p.run("coordinate sandbox drop sandbox_none")],
    [
      "neither or both of a name and `--all-expired` are given",
      5,
      "CONFIG_008",
      async (p) => [
        await p.run("coordinate sandbox drop"),
        await p.run("coordinate sandbox drop a --all-expired"),
      ],
    ],
  ]),
];
