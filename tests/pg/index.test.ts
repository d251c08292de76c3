import { expect, test } from "vitest";
import {
  checkRulesFile,
  masterKey,
  parseRules,
  proposeRules,
  silentLog,
  sync,
  syncPlan,
  type SyncRequest,
  verifyCopy,
} from "../../src/index.ts";
import { query, syncPair } from "../support/sync.ts";

const SCHEMA = `
  create table person (id int primary key, email text not null);
  create table audit (what text); create table tb_confiture (slug text)`;

const ROWS = `
  insert into person select i, 'person' || i || '@real.org' from generate_series(1, 40) i;
  insert into audit values ('person1@real.org')`;

test("the library proposes, checks, plans, copies and verifies", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  const ours = ["tb_confiture"];
  const { source, target } = pair.request();
  const connection = { environment: {} };
  const proposed = await proposeRules(
    source,
    { exclude: ["audit"] },
    { file: "rules.yaml", existing: null, ours, connection },
  );
  const text = proposed.text.replace("\ntables:", "\nexclude: [aud*]\ntables:");
  const rules = parseRules(text, "rules.yaml");
  expect(await checkRulesFile(rules, { ...source, environment: {} }, { ours })).toMatchObject({
    ok: true,
    tables: 1,
  });
  const request: SyncRequest = {
    source,
    target,
    environment: {},
    rules: [rules],
    key: () => masterKey("a key of the tests, 1"),
    ours,
    allowPlaintext: false,
    replace: false,
    resume: false,
    inPlace: false,
    jobs: 1,
    scan: "full",
    log: silentLog,
  };
  const safety = { protected: false, isAnonymized: true, schemaCheck: true };
  expect((await syncPlan(request, safety)).tables[0]?.columns).toContainEqual(
    expect.objectContaining({ column: "email", anonymizer: "email", distinctness: "collision-free" }),
  );
  const migrations = {
    url: target.url,
    environment: {},
    trackingTable: "tb_confiture",
    migrationsDir: "db/migrations",
    log: silentLog,
  };
  const result = await sync(migrations, request, safety);
  expect(result).toMatchObject({ tables: { "public.person": 40 }, warnings: [] });
  const left = "select count(*) from person where email like '%real.org'";
  expect(await query(target.url, left)).toEqual([{ count: 0 }]);
  const verified = await verifyCopy({ ...request, connection });
  expect(verified).toMatchObject({ ok: true, tables: 1 });
});
