import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { OLD_TABLES } from "../../support/coordination.ts";
import { NOWHERE, type Place, situations } from "./situation.ts";

/** Ada's intent; what an update of it says; and Bob's, which is in conflict with hers. */
const INTENTS = `
  insert into confiture.intent (id, agent_id, feature_name, branch_name, status) values
    ('ada', 'ada', 'tax', 'feature/tax', 'registered'), ('bob', 'bob', 'tax', 'feature/tax_001', 'conflicted');
  insert into confiture.conflict (id, intent_a, intent_b, conflict_type, severity)
    values (1, 'bob', 'ada', 'column', 'error')`;

export const PASSED = "update confiture.intent set lease_expires_at = now() - interval '1 hour'";

/** Run words in a database with two intents, once this SQL was run. */
export const among =
  (words: string, text = "select 1") =>
  async (place: Place) => {
    await place.run("coordinate init");
    await place.ask(`${INTENTS}; ${text}`);
    return await place.run(words);
  };

const status = (...names: readonly string[]) =>
  names.map((name) => `update confiture.intent set status = '${name}' where id = 'ada'`).join("; ");

const EXISTS = "the tables are not there";

const INIT = situations("coordinate init", [
  ["the tables are made", 0, null, (p) => p.run("coordinate init")],
  ["they are there", 0, null, among("coordinate init")],
  [
    "the old tool's tables are taken over",
    0,
    null,
    async (p) => (await p.ask(OLD_TABLES), p.run("coordinate init")),
  ],
  ["the database cannot be reached", 3, "CONFIG_006", (p) => p.bare(`coordinate init -d ${NOWHERE}`)],
  [
    "something else bears the name of an old table",
    5,
    "COORD_1009",
    async (p) => (await p.ask("create table tb_pggit_intent (id int)"), p.run("coordinate init")),
  ],
  [
    "another session writes for more than 10 seconds",
    6,
    "COORD_1007",
    async (p) => {
      await p.run("coordinate init");
      await using other = await Connection.open(await p.url());
      await other.run(sql`begin; update confiture.intent set status = 'abandoned'`);
      return await p.run("coordinate init");
    },
  ],
]);

const READS = [
  ...situations("coordinate status", [
    ["the intents to be reckoned with", 0, null, among("coordinate status")],
    ["`--intent-id`: one of them", 0, null, among("coordinate status --intent-id bob")],
    ["there is none of this id", 1, "COORD_1002", among("coordinate status --intent-id eve")],
    [EXISTS, 5, "COORD_1001", (p) => p.run("coordinate status")],
    ["`--intent-id` and `--agent`", 5, "CONFIG_008", among("coordinate status --intent-id bob --agent ada")],
  ]),
  ...["list-intents", "list"].flatMap((name) =>
    situations(`coordinate ${name}`, [
      ["some intents, or none", 0, null, among(`coordinate ${name} --agent-filter eve`)],
      [EXISTS, 5, "COORD_1001", (p) => p.run(`coordinate ${name}`)],
      ["`--since` is no date", 5, "CONFIG_008", among(`coordinate ${name} --since yesterday`)],
    ]),
  ),
  ...situations("coordinate conflicts", [
    ["some conflicts, or none", 0, null, among("coordinate conflicts --severity error")],
    [EXISTS, 5, "COORD_1001", (p) => p.run("coordinate conflicts")],
  ]),
  ...situations("coordinate history", [
    ["of one intent, or all", 0, null, among("coordinate history --intent-id ada --limit 2")],
    ["there is none of this id", 1, "COORD_1002", among("coordinate history --intent-id eve")],
    [EXISTS, 5, "COORD_1001", (p) => p.run("coordinate history")],
  ]),
  ...situations("coordinate watch", [
    [
      "the time of `--timeout` is over, or Ctrl-C",
      0,
      null,
      among("coordinate watch --after-id 0 --timeout 1s"),
    ],
    [EXISTS, 5, "COORD_1001", (p) => p.run("coordinate watch --timeout 1s")],
    ["`--timeout` is no duration", 5, "CONFIG_008", among("coordinate watch --timeout soon")],
  ]),
];

/** What every command answers that changes an intent. */
const common = (words: string) =>
  [
    ["there is no intent of this id", 1, "COORD_1002", among(words.replace("ada", "eve"))],
    [EXISTS, 5, "COORD_1001", (p: Place) => p.run(words)],
  ] as const;

const WRITES = [
  ...situations("coordinate start", [
    ["work begins", 0, null, among("coordinate start --intent-id ada --agent-id ada")],
    [
      "it goes on after it was completed",
      0,
      null,
      among("coordinate start --intent-id ada", status("in_progress", "completed")),
    ],
    ...common("coordinate start --intent-id ada"),
    ["it has conflicts that nobody has resolved", 5, "COORD_1004", among("coordinate start --intent-id bob")],
    [
      "it is merged, abandoned or in progress",
      5,
      "COORD_1004",
      among("coordinate start --intent-id ada", status("abandoned")),
    ],
    ["its lease has passed", 5, "COORD_1005", among("coordinate start --intent-id ada", PASSED)],
    [
      "it belongs to another agent",
      5,
      "COORD_1006",
      among("coordinate start --intent-id ada --agent-id bob"),
    ],
  ]),
  ...situations("coordinate heartbeat", [
    ["the lease is renewed", 0, null, among("coordinate heartbeat --intent-id ada --ttl 2d")],
    ...common("coordinate heartbeat --intent-id ada"),
    [
      "it has no lease",
      5,
      "COORD_1004",
      among("coordinate heartbeat --intent-id ada", status("in_progress", "completed")),
    ],
    ["its lease has passed", 5, "COORD_1005", among("coordinate heartbeat --intent-id ada", PASSED)],
    [
      "it belongs to another agent",
      5,
      "COORD_1006",
      among("coordinate heartbeat --intent-id ada --agent-id bob"),
    ],
    ["`--ttl` is no duration", 5, "CONFIG_008", among("coordinate heartbeat --intent-id ada --ttl long")],
  ]),
  ...situations("coordinate complete", [
    [
      "the work is done",
      0,
      null,
      among("coordinate complete --intent-id ada --outcome partial", status("in_progress")),
    ],
    ...common("coordinate complete --intent-id ada"),
    ["it is not in progress", 5, "COORD_1004", among("coordinate complete --intent-id ada")],
    [
      "its lease has passed",
      5,
      "COORD_1005",
      among("coordinate complete --intent-id ada", `${status("in_progress")}; ${PASSED}`),
    ],
    [
      "it belongs to another agent",
      5,
      "COORD_1006",
      among("coordinate complete --intent-id ada --agent-id bob", status("in_progress")),
    ],
  ]),
  ...situations("coordinate merge", [
    [
      "it was completed",
      0,
      null,
      among("coordinate merge --intent-id ada", status("in_progress", "completed")),
    ],
    ...common("coordinate merge --intent-id ada"),
    ["it is not completed", 5, "COORD_1004", among("coordinate merge --intent-id ada")],
  ]),
  ...situations("coordinate abandon", [
    ["it is given up", 0, null, among("coordinate abandon --intent-id ada --reason useless")],
    ["its lease has passed", 0, null, among("coordinate abandon --intent-id ada --reason useless", PASSED)],
    ...common("coordinate abandon --intent-id ada --reason useless"),
    [
      "it is merged or abandoned",
      5,
      "COORD_1004",
      among("coordinate abandon --intent-id ada --reason useless", status("abandoned")),
    ],
    ["`--reason` is missing", 5, "CONFIG_008", among("coordinate abandon --intent-id ada")],
  ]),
  ...situations("coordinate resolve", [
    [
      "the conflict is settled, also if it was before",
      0,
      null,
      among("coordinate resolve --conflict-id 1 --notes shared"),
    ],
    [
      "there is no conflict of this id",
      1,
      "COORD_1003",
      among("coordinate resolve --conflict-id 7 --notes shared"),
    ],
    [EXISTS, 5, "COORD_1001", (p) => p.run("coordinate resolve --conflict-id 1 --notes shared")],
    ["`--notes` is missing", 5, "CONFIG_008", among("coordinate resolve --conflict-id 1")],
  ]),
];

/** Eve has an intent as well, and a claim; Bob's is no longer in conflict. */
const CLAIMED = `
  update confiture.conflict set reviewed = true;
  insert into confiture.intent (id, agent_id, feature_name, branch_name) values ('eve', 'eve', 'x', 'feature/x');
  insert into confiture.claim (id, intent_id, path, mode, fence, ttl_ms, expires_at)
    values ('hers', 'eve', '{database,schema public,public.a}', 'exclusive', nextval('confiture.claim_fence'), 60000,
      now() + interval '1 minute')`;

const CLAIM = "coordinate claim --intent-id ada --exclusive public.a";
const STEAL = "coordinate steal --claim hers --intent-id ada --agent-id ada --reason away";
const [ABSENT, WITHOUT_TABLES] = common("coordinate claim --intent-id ada --exclusive public.b");

/** Eve waits for what Bob holds, who is then asked to wait for what she holds. */
const BOB_HOLDS = `${CLAIMED};
  insert into confiture.claim (intent_id, path, mode, fence, ttl_ms, expires_at)
    values ('bob', '{database,schema public,public.b}', 'exclusive', nextval('confiture.claim_fence'), 60000,
      now() + interval '1 minute');
  insert into confiture.claim_wait (intent_id, wanted, lease_expires_at) values ('eve',
    '[{"path": ["database", "schema public", "public.b"], "mode": "exclusive"}]', now() + interval '1 minute')`;

const CLAIMS = [
  ...situations("coordinate claim", [
    ["all of it is granted", 0, null, among("coordinate claim --intent-id ada --shared public.b --ttl 30m")],
    ABSENT,
    WITHOUT_TABLES,
    ["it is not registered or in progress", 5, "COORD_1004", among(CLAIM, status("abandoned"))],
    ["its lease has passed", 5, "COORD_1005", among(CLAIM, PASSED)],
    ["it belongs to another agent", 5, "COORD_1006", among(`${CLAIM} --agent-id bob`)],
    ["another holds some of it, or waits for it", 6, "COORD_1020", among(CLAIM, CLAIMED)],
    ["`--wait`: it was not free in time", 6, "COORD_1020", among(`${CLAIM} --wait 1s`, CLAIMED)],
    [
      "`--wait`: the other waits for this intent",
      6,
      "COORD_1021",
      among("coordinate claim --intent-id bob --exclusive public.a --wait 1m", BOB_HOLDS),
    ],
    [
      "a name is no name of an object, or nothing is named and the intent touches nothing",
      5,
      "COORD_1022",
      among("coordinate claim --intent-id ada --exclusive users"),
    ],
    ["`--wait` or `--ttl` is no duration", 5, "CONFIG_008", among(`${CLAIM} --wait long`)],
  ]),
  ...situations("coordinate claims", [
    ["some claims, or none", 0, null, among("coordinate claims --agent-filter eve", CLAIMED)],
    ["there is no intent of this id", 1, "COORD_1002", among("coordinate claims --intent-id fay")],
    [EXISTS, 5, "COORD_1001", (p) => p.run("coordinate claims")],
  ]),
  ...situations("coordinate release", [
    ["what it had is given back", 0, null, among("coordinate release --intent-id eve", CLAIMED)],
    ...common("coordinate release --intent-id ada"),
    [
      "it has no claim on that object",
      1,
      "COORD_1023",
      among("coordinate release --intent-id eve --object public.b", CLAIMED),
    ],
    [
      "it belongs to another agent",
      5,
      "COORD_1006",
      among("coordinate release --intent-id eve --agent-id ada", CLAIMED),
    ],
    [
      "a name is no name of an object",
      5,
      "COORD_1022",
      among("coordinate release --intent-id ada --object x"),
    ],
  ]),
  ...situations("coordinate steal", [
    ["the claim has another holder", 0, null, among(STEAL, CLAIMED)],
    ["there is no intent of this id", 1, "COORD_1002", among(STEAL.replace("-id ada", "-id fay"), CLAIMED)],
    ["there is no such claim, or it is lost already", 1, "COORD_1023", among(STEAL)],
    [EXISTS, 5, "COORD_1001", (p) => p.run(STEAL)],
    [
      "the intent belongs to another agent",
      5,
      "COORD_1006",
      among(STEAL.replace("agent-id ada", "agent-id bob"), CLAIMED),
    ],
    ["it is the intent's own claim", 5, "COORD_1022", among(STEAL.replaceAll("-id ada", "-id eve"), CLAIMED)],
    ["`--reason` is missing", 5, "CONFIG_008", among(STEAL.replace(" --reason away", ""), CLAIMED)],
  ]),
  ...situations("migrate up", [
    ["`--intent`: it holds its claims", 0, null, among("migrate up --intent eve", CLAIMED)],
    ["`--intent`: there is no such intent", 1, "COORD_1002", among("migrate up --intent fay")],
    [
      "`--intent`: there are no tables of coordination",
      5,
      "COORD_1001",
      (p) => p.run("migrate up --intent eve"),
    ],
    [
      "`--intent`: its claims are expired, lost, overtaken or none, or it is not at work",
      6,
      "COORD_1024",
      among("migrate up --intent ada", CLAIMED),
    ],
    [
      "`--intent` with a dry run or --auto-detect-baseline",
      5,
      "CONFIG_008",
      among("migrate up --intent ada --dry-run"),
    ],
  ]),
];

export const COORDINATE = [...INIT, ...READS, ...WRITES, ...CLAIMS];
