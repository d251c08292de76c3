import { expect, test } from "vitest";
import { coordinated } from "../support/coordination.ts";
import { cli, migrationFiles, testProject } from "../support/project.ts";

const FILES = {
  ...migrationFiles({ "1_users": "create table public.users (id int primary key)" }),
  "a.sql": "alter table users add column email text",
  "b.sql": "alter table public.users add column age int",
};

test("two columns of one table for two agents, command by command, and who lost a claim applies nothing", async () => {
  await using database = await coordinated();
  using project = testProject(FILES);
  const environment = { CONFITURE_DATABASE_URL: database.url };
  const run = (words: string) => cli(project.dir, words, environment);
  const coordinate = async (words: string) => (await run(`coordinate ${words}`)).out;
  await run("migrate up");
  const register = async (agent: string, file: string) => {
    const words = `coordinate register --agent-id ${agent} --feature-name ${agent}s --schema-changes ${file} --format json`;
    return ((await run(words)).json["intent"] as { id: string }).id;
  };
  const [ada, bob] = [await register("ada", "a.sql"), await register("bob", "b.sql")];
  expect(await coordinate(`claim --intent-id ${ada}`)).toMatch(
    /^claim .*\n[0-9a-f-]{36} +public\.users\.email +exclusive +ada +[0-9a-f-]{36} +1 +until 2.*Z\n$/,
  );
  expect(await coordinate(`claim --intent-id ${bob} --from-footprint --shared public.orders`)).toMatch(
    /public\.orders +shared +bob .*\n.*public\.users\.age +exclusive +bob .* 2 +until/,
  );
  const busy = await run(`coordinate claim --intent-id ${bob} --exclusive public.users`);
  expect(busy.exit).toBe(6);
  expect(busy.err).toContain(`public.users.email is claimed by ada (intent ${ada}), exclusive, until 2`);
  expect(busy.err).toContain("--wait 10m");
  expect(await coordinate("claims --agent-filter ada")).toContain("public.users.email");
  expect(await coordinate(`release --intent-id ${bob} --object public.orders`)).toBe(
    "Released public.orders.\n",
  );
  const { claims } = (await run(`coordinate claims --intent-id ${ada} --format json`)).json as unknown as {
    claims: { id: string }[];
  };
  expect(
    await coordinate(`steal --claim ${claims[0]!.id} --intent-id ${bob} --agent-id bob --reason away`),
  ).toBe(`Intent ${bob} holds public.users.email under fence 3; ada lost public.users.email.\n`);
  expect(await coordinate(`claims --intent-id ${ada}`)).toMatch(/public\.users\.email .* lost\n$/);
  project.write("db/migrations/2_email.up.sql", FILES["a.sql"]);
  const refused = await run(`migrate up --intent ${ada}`);
  expect(refused.exit).toBe(6);
  expect(refused.err).toContain("on public.users.email is lost to claim");
  expect((await run(`migrate up --intent ${bob}`)).out).toMatch(/^Applied 1 migration/);
  expect(await coordinate(`history --intent-id ${bob} --limit 1`)).toContain("by bob (applied 2)");
  expect(await coordinate(`history --intent-id ${ada} --limit 1`)).toContain(
    "by bob (bob stole the claim on public.users.email: away)",
  );
  expect(await coordinate(`release --intent-id ${ada}`)).toBe("Released public.users.email.\n");
  expect(await coordinate(`release --intent-id ${ada}`)).toBe("Nothing was claimed.\n");
  expect(await coordinate(`claims --intent-id ${ada}`)).toBe("No claims.\n");
});
