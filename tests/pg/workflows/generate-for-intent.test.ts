import { existsSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { abandon } from "../../../src/coordinate/abandon.ts";
import { register } from "../../../src/coordinate/register.ts";
import { statusOf } from "../../../src/coordinate/status.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { generateForIntent } from "../../../src/workflows/generate-for-intent.ts";
import { coordinated, intends, letPass, simpleJudge } from "../../support/coordination.ts";
import { testProject } from "../../support/project.ts";

/** All agents generate within one second. */
const now = new Date(2026, 0, 31, 8, 0, 0);

test("twelve agents generate at once, each in a folder of its own, and no two get one version", async () => {
  await using database = await coordinated();
  const results = await Promise.all(
    Array.from({ length: 12 }, async (_, i) => {
      await using db = await Connection.open(database.url);
      using project = testProject();
      const { intent } = await register(db, intends(`agent ${i}`, `t${i}`), simpleJudge);
      const migrationsDir = project.path("db/migrations");
      const options = { migrationsDir, name: `change_${i}`, now };
      const result = await generateForIntent(options, undefined, { db, intentId: intent.id });
      expect(existsSync(result.filepath)).toBe(true);
      expect((await statusOf(db, intent.id)).intent.reserved_versions).toEqual([result.version]);
      return result.version;
    }),
  );
  expect(results.toSorted()).toEqual(
    Array.from({ length: 12 }, (_, i) => String(20260131080000n + BigInt(i))),
  );
});

test("a dry run, and a call that is wrong, reserve nothing", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  using project = testProject();
  const { intent } = await register(db, intends("ada"), simpleJudge);
  const options = { migrationsDir: project.path("m"), name: "change", now };
  const request = { db, intentId: intent.id };
  const preview = await generateForIntent({ ...options, dryRun: true }, undefined, request);
  expect(preview).toMatchObject({ status: "dry_run", version: "20260131080000" });
  await expect(generateForIntent({ ...options, name: "No Name" }, undefined, request)).rejects.toMatchObject({
    code: "CONFIG_008",
  });
  expect(await db.rows(sql`select from confiture.reserved_version`)).toEqual([]);
  expect(existsSync(project.path("m"))).toBe(false);
  // One intent may have several migrations.
  for (const version of ["20260131080000", "20260131080001"])
    expect(await generateForIntent(options, undefined, request)).toMatchObject({ version });
  expect(readdirSync(project.path("m"))).toHaveLength(4);
});

test("nothing is generated for an intent that waits, has ended, or whose lease has passed", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  using project = testProject();
  const options = { migrationsDir: project.path("m"), name: "change", now };
  const { intent: ada } = await register(db, intends("ada"), simpleJudge);
  const { intent: bob } = await register(db, intends("bob"), simpleJudge);
  const both = (intentId: string) => [true, false].map((dryRun) => ({ dryRun, request: { db, intentId } }));
  const refused = async (intentId: string, code: string) => {
    for (const { dryRun, request } of both(intentId))
      await expect(generateForIntent({ ...options, dryRun }, undefined, request)).rejects.toMatchObject({
        code,
      });
  };
  await refused(bob.id, "COORD_1004");
  await refused("nobody", "COORD_1002");
  await letPass(db, ada.id);
  await refused(ada.id, "COORD_1005");
  await abandon(db, ada.id, { reason: "x" });
  await refused(ada.id, "COORD_1004");
  // Whom ada was in the way of may go on.
  expect(await generateForIntent(options, undefined, { db, intentId: bob.id })).toMatchObject({
    status: "success",
  });
});
