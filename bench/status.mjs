// `migrate status` with 1,000 applied migrations against `node -e 0`.
import { cli, withServer } from "./database.mjs";
import { compare, report, wall } from "./measure.mjs";
import { writeMigrations } from "./migrations.mjs";

await withServer(async ({ dir, fresh }) => {
  const { ours } = writeMigrations(dir, 1000);
  const words = ["--format", "json", "--migrations-dir", ours, "--database-url", await fresh("bench_status")];
  wall(process.execPath, [cli, "migrate", "up", ...words]);
  const times = await compare(
    () => wall(process.execPath, [cli, "migrate", "status", ...words]),
    () => wall(process.execPath, ["-e", "0"]),
    21,
  );
  report("migrate status, 1,000 migrations", times, "node -e 0", 2.5);
});
