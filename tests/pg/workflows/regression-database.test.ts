import { inject, test } from "vitest";
import { silentLog } from "../../../src/base/log.ts";
import { applyScripts, parseSources } from "../../../src/build/apply.ts";
import { readSources } from "../../../src/build/sources.ts";
import { changeText } from "../../../src/diff/change.ts";
import { compare } from "../../../src/diff/compare.ts";
import { provePlan } from "../../../src/diff/prove.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { type LinkedSnapshot, readLinkedSnapshot } from "../../../src/schema/snapshot.ts";
import { withDatabase } from "../../../src/scratch/database-url.ts";
import { identSql, sql } from "../../../src/sql/tag.ts";
import { type ExportResult, exportSchema } from "../../../src/workflows/export/export-schema.ts";
import { ownServer } from "../../support/own-server.ts";
import { dumpDifferences, dumpOf } from "../../support/pg-dump.ts";
import { type Project, testProject } from "../../support/project.ts";
import { hasRegressionTests, loadRegression } from "../../support/regression.ts";

/** Also beside heavier tests. */
const TIMEOUT_MS = 900_000;

const SETTINGS = { fsync: "off", full_page_writes: "off", synchronous_commit: "off" };

async function connected<T>(url: string, work: (db: Connection) => Promise<T>): Promise<T> {
  await using db = await Connection.open(url);
  return await work(db);
}

const snapshotOf = (url: string): Promise<LinkedSnapshot> =>
  connected(url, (db) => readLinkedSnapshot(db, { builder: db.server.user }));

async function emptyDatabase(url: string, name: string): Promise<string> {
  await connected(url, (db) => db.run(sql`create database ${identSql(name)} template template0`));
  return withDatabase(url, name);
}

const exported = (url: string, project: Project, scratch: string): Promise<ExportResult> =>
  exportSchema(
    {
      url,
      environment: {},
      migrationsDir: project.path("db/migrations"),
      trackingTable: "tb_confiture",
      log: silentLog,
    },
    { projectDir: project.dir, directory: "db/schema", scratch: { url: scratch } },
  );

/** In the order of the files, without a second look at any statement. */
async function build(url: string, project: Project): Promise<number> {
  const sources = readSources({ projectDir: project.dir, includeDirs: [{ path: "db/schema" }] });
  return await connected(url, async (db) => (await applyScripts(db, await parseSources(sources))).deferred);
}

test(
  "what PostgreSQL's own tests leave behind is planned and exported whole",
  async ({ expect, skip }) => {
    skip(!hasRegressionTests(inject("serverMajor")), "CONFITURE_TEST_REGRESS names no tests of this major");
    await using server = await ownServer(SETTINGS);
    using regression = await loadRegression(server.url);
    const { url, runs } = regression;
    const unexpected = runs.flatMap((run) => run.unexpected.map((error) => `${run.file}: ${error}`));
    const wanted = await snapshotOf(url);
    const counts = Object.entries(wanted.objects).map(([kind, rows]) => [kind, rows.length] as const);
    const present = counts.filter(([, count]) => count > 0);
    const objects = counts.reduce((sum, [, count]) => sum + count, 0);
    process.stdout.write(
      `${runs.length} files, ${unexpected.length} statements failed that should not; ` +
        `${objects} objects of ${present.length} kinds: ${present.map((pair) => pair.join(" ")).join(", ")}\n`,
    );
    expect(runs.length).toBeGreaterThan(200);
    expect(present.length).toBeGreaterThan(35);
    expect(objects).toBeGreaterThan(4000);

    using project = testProject();
    const { left_out: leftOut, reprinted } = await exported(url, project, server.url);
    expect(reprinted).toEqual([]);
    const built = await emptyDatabase(server.url, "built");
    expect(await build(built, project)).toBe(0);
    expect(changeText(compare(await snapshotOf(built), wanted))).toBe("");

    const planned = await emptyDatabase(server.url, "planned");
    const empty = await snapshotOf(planned);
    const steps = await connected(planned, (db) => provePlan(db, empty, wanted));
    expect(steps.length).toBeGreaterThan(1000);

    const user = await connected(url, async (db) => db.server.user);
    const [dump, ofBuilt, ofPlanned] = await Promise.all([dumpOf(url), dumpOf(built), dumpOf(planned)]);
    expect(leftOut).toEqual([]);
    expect(dumpDifferences(ofBuilt, dump, user)).toEqual([]);
    expect(dumpDifferences(ofPlanned, dump, user)).toEqual([]);
  },
  TIMEOUT_MS,
);
