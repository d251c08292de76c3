// Runs in processes of its own, so that several commands can meet on one server, and be killed.
import { Connection } from "../../../src/pg/connection.ts";
import { startEmbedded } from "../../../src/scratch/embedded.ts";
import { openScratch } from "../../../src/scratch/scratch.ts";
import { sql } from "../../../src/sql/tag.ts";

const [, , action, json = "{}"] = process.argv;
const options = JSON.parse(json) as { projectDir: string; idleMs?: number };
const tell = (answer: object) => process.stdout.write(`${JSON.stringify(answer)}\n`);
const released = new Promise<void>((resolve) => process.stdin.on("end", resolve).resume());

if (action === "embedded") tell(await startEmbedded(options));
else {
  await using server = await openScratch(options);
  let built = false;
  await using database =
    action === "clone"
      ? await server.clone("shared", async (db) => {
          built = true;
          await db.run(sql`create table made as select 1 as a`);
        })
      : await server.create();
  await using db = await Connection.open(database.url);
  tell({
    url: database.url,
    major: server.major,
    built,
    server: await db.rows(sql`select pg_postmaster_start_time()::text`),
  });
  if (action !== "glance") await released;
}
