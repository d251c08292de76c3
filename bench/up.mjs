// `migrate up` of 1,000 small migrations against dbmate with the same files, on one server.
import { cli, withServer } from "./database.mjs";
import { compare, report, wall } from "./measure.mjs";
import { writeMigrations } from "./migrations.mjs";

const dbmateBin = new URL("node_modules/.bin/dbmate", import.meta.url).pathname;

await withServer(async ({ dir, socket, fresh }) => {
  const { ours, dbmate } = writeMigrations(dir, 1000);
  const times = await compare(
    async () => {
      const url = await fresh("bench_ours");
      return wall(process.execPath, [
        cli,
        "migrate",
        "up",
        "--format",
        "json",
        "--migrations-dir",
        ours,
        "--database-url",
        url,
      ]);
    },
    async () => {
      await fresh("bench_dbmate");
      const url = `postgres://postgres@localhost/bench_dbmate?socket=${socket}`;
      return wall(dbmateBin, ["--url", url, "--migrations-dir", dbmate, "--no-dump-schema", "migrate"]);
    },
    5,
  );
  report("migrate up, 1,000 migrations", times, "dbmate migrate", 1);
});
