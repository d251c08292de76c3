import { existsSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { cli, testProject } from "../support/project.ts";

const CONFIG = `database_url: embedded
migration:
  migration_generators:
    copy: {command: "cp {to} {output} && test -e {from}", description: copies}
`;
const FILES = {
  "db/environments/local.yaml": CONFIG,
  "db/schema/a.sql": "create table a ();\n",
  "old.sql": "select 1;\n",
  "new.sql": "select 2;\n",
};
const PATH = { PATH: "/usr/local/bin:/usr/bin:/bin" };

test("by default a pair of files and a snapshot; both can be asked for and refused", async () => {
  using project = testProject(FILES);
  const first = await cli(project.dir, "migrate generate one --format json");
  expect(first.json).toMatchObject({ status: "success", snapshot_mode: "static", generator: null });
  expect(readdirSync(project.path("db/schema_history"))).toEqual([
    `${String(first.json["version"])}_one.sql`,
  ]);
  const second = await cli(project.dir, "migrate generate two --no-snapshot --format json");
  expect(second.json).toMatchObject({ snapshot: null, snapshot_mode: null });
  await cli(project.dir, "migrate generate three --snapshots-dir elsewhere");
  expect(readdirSync(project.path("elsewhere"))).toHaveLength(1);
  expect(readdirSync(project.path("db/schema_history"))).toHaveLength(1);
});

test("the config file decides about snapshots, a flag overrules it", async () => {
  using project = testProject({
    ...FILES,
    "db/environments/local.yaml": "migration: {snapshot_history: false, snapshots_dir: history}\n",
  });
  expect((await cli(project.dir, "migrate generate one")).out).not.toContain("history");
  const refused = await cli(project.dir, "migrate generate one --snapshots-dir x --format json");
  expect(refused).toMatchObject({ exit: 5, json: { error: { code: "CONFIG_008" } } });
  expect((await cli(project.dir, "migrate generate two --snapshot")).out).toMatch(
    /wrote history\/.*_two\.sql\n|wrote \/.*history/,
  );
  expect(readdirSync(project.path("history"))).toHaveLength(1);
});

test("a project without DDL files gets no snapshot, and no warning of it", async () => {
  using project = testProject();
  expect(await cli(project.dir, "migrate generate one")).toMatchObject({ exit: 0, err: "" });
  expect((await cli(project.dir, "migrate generate two --snapshot")).err).toContain("there are no DDL files");
});

test("a module", async () => {
  using project = testProject();
  const answer = await cli(project.dir, "migrate generate fill --type ts");
  expect(answer.out).toMatch(/^wrote \S+_fill\.ts\n$/);
});

test("an external generator writes the migration, and the missing way back is said", async () => {
  using project = testProject(FILES);
  const words = "migrate generate change --generator copy --from old.sql --to new.sql";
  const dry = await cli(project.dir, `${words} --dry-run`, PATH);
  expect(dry.out).toMatch(/^would run cp '\/.*new\.sql' \{output\} && test -e '\/.*old\.sql'\nwould write /);
  expect(existsSync(project.path("db/migrations"))).toBe(false);
  const answer = await cli(project.dir, words, PATH);
  expect(answer).toMatchObject({ exit: 0 });
  expect(answer.err).toContain("running copy (copies)");
  expect(answer.err).toContain("no .down.sql is written");
  expect(readdirSync(project.path("db/migrations"))).toEqual([expect.stringMatching(/_change\.up\.sql$/)]);
});

test.each([
  ["--generator copy --from old.sql", 5, "CONFIG_008"],
  ["--from old.sql --to new.sql", 5, "CONFIG_008"],
  ["--generator other --from old.sql --to new.sql", 5, "CONFIG_008"],
  ["--generator toString --from old.sql --to new.sql", 5, "CONFIG_008"],
  ["--generator copy --from old.sql --to nothing.sql", 5, "CONFIG_004"],
  ["--generator copy --from old.sql --to db", 3, "GEN_001"],
  ["--type py", 5, "CONFIG_008"],
  ["--force", 5, "CONFIG_008"],
  ["--live-snapshot", 5, "CONFIG_008"],
])("%s: exit %i, %s, and nothing is written", async (flags, exit, code) => {
  using project = testProject(FILES);
  const answer = await cli(project.dir, `migrate generate change ${flags} --format json`, PATH);
  expect(answer).toMatchObject({ exit, json: { ok: false, error: { code } } });
  expect(existsSync(project.path("db/migrations"))).toBe(false);
});
