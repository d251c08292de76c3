import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import type { ConfitureError } from "../../../src/base/errors.ts";
import type { ExternalGenerator } from "../../../src/migrate/external-generator.ts";
import { generate } from "../../../src/migrate/generate.ts";
import { type Project, testProject } from "../../support/project.ts";

const now = new Date(2026, 0, 2, 3, 4, 5);

const SCHEMAS = { "it's old.sql": "create table a ();\n", "new $1.sql": "create table b ();\n" };

const generatorIn = (project: Project, command: string): ExternalGenerator => ({
  id: "tool",
  command,
  from: project.path("it's old.sql"),
  to: project.path("new $1.sql"),
  cwd: project.dir,
  environment: { PATH: "/usr/local/bin:/usr/bin:/bin", TOOL_MODE: "fast" },
});

async function run(command: string, options: { dryRun?: boolean } = {}) {
  using project = testProject(SCHEMAS);
  const dir = project.path("migrations");
  const generator = generatorIn(project, command);
  const outcome = await generate({ migrationsDir: dir, name: "change", now, generator, ...options }).catch(
    (error: unknown) => error as ConfitureError,
  );
  const files = readdirSync(project.dir).includes("migrations") ? readdirSync(dir) : [];
  return { outcome, files, text: files.map((file) => readFileSync(`${dir}/${file}`, "utf8")).join("") };
}

test("paths reach the program quoted; its environment is what was handed in", async () => {
  const { outcome, files, text } = await run("(cat {from} {to}; echo \"select '$TOOL_MODE';\") > {output}");
  expect(files).toEqual(["20260102030405_change.up.sql"]);
  expect(text).toBe("create table a ();\ncreate table b ();\nselect 'fast';\n");
  expect(outcome).toMatchObject({
    status: "success",
    down_filepath: null,
    generator: { id: "tool", command: expect.stringContaining("{output}") as string },
    warnings: [expect.stringContaining("no .down.sql")],
  });
});

test("a program of its own, in another language", async () => {
  using project = testProject({
    ...SCHEMAS,
    "tool.mjs": "import { copyFileSync } from 'node:fs'; copyFileSync(process.argv[3], process.argv[4]);",
  });
  const command = `'${process.execPath}' tool.mjs {from} {to} {output}`;
  const migrationsDir = project.path("migrations");
  const { filepath } = await generate({
    migrationsDir,
    name: "x",
    now,
    generator: generatorIn(project, command),
  });
  expect(readFileSync(filepath, "utf8")).toBe("create table b ();\n");
});

test.each([
  ["begin; create table a (); commit;", "create table a ();\n"],
  [
    "-- by tool\nBEGIN ; -- now\n\ncreate table a (); -- a\ncommit",
    "-- by tool\n -- now\n\ncreate table a (); -- a\n",
  ],
  ["start transaction; do $$ begin commit; end $$; commit; -- end", "do $$ begin commit; end $$;  -- end\n"],
  ["savepoint a; release a;", "savepoint a; release a;\n"],
])("%s: the transaction around it is taken off, and nothing else", async (sql, expected) => {
  const { text } = await run(`cat > {output} <<'END'\n${sql}\nEND`);
  expect(text).toBe(expected);
});

test.each([
  ["echo oops >&2; exit 7", "ended with exit code 7", 7],
  ["kill -9 $$", "was ended by SIGKILL", null],
  ["echo oops", "wrote no SQL", null],
  ["echo oops; : > {output}", "wrote no SQL", null],
  ["echo oops; echo '-- nothing to do' > {output}", "wrote no SQL", null],
  ["echo oops; echo 'begin; commit;' > {output}", "wrote no SQL", null],
])("%s: GEN_001, and no migration", async (command, what, exitCode) => {
  const { outcome, files } = await run(command);
  expect(outcome).toMatchObject({ code: "GEN_001", exit: 3, message: `generator tool ${what}` });
  const { details } = (outcome as ConfitureError).context;
  expect(details).toMatchObject({ generator: "tool", exit_code: exitCode });
  if (command.includes("oops")) expect(details!["stderr"]).toBe("oops");
  expect(files).toEqual([]);
});

test("SQL that does not parse, or ends the transaction, is no migration", async () => {
  const wrong = await run("printf 'select 1;\\ncreate tabel a ();' > {output}");
  expect(wrong.outcome).toMatchObject({ code: "MIGR_108", exit: 3, context: { line: 2 } });
  expect((wrong.outcome as ConfitureError).message).toContain("the output of tool does not parse");
  const ending = await run("echo 'select 1; commit; select 2;' > {output}");
  expect(ending.outcome).toMatchObject({ code: "MIGR_107" });
  expect([...wrong.files, ...ending.files]).toEqual([]);
});

test("a missing file is CONFIG_004, before anything runs", async () => {
  using project = testProject(SCHEMAS);
  const generator = { ...generatorIn(project, "touch ran; exit 1"), to: project.path("nothing.sql") };
  await expect(generate({ migrationsDir: project.dir, name: "x", now, generator })).rejects.toMatchObject({
    code: "CONFIG_004",
    context: { file: project.path("nothing.sql") },
  });
  const dry = generate({ migrationsDir: project.dir, name: "x", now, generator, dryRun: true });
  await expect(dry).rejects.toMatchObject({ code: "CONFIG_004" });
  expect(readdirSync(project.dir)).not.toContain("ran");
});

test("a dry run shows the command, without passwords, and runs nothing", async () => {
  const { outcome, files } = await run(
    "touch ran; diff --db postgresql://me:s3cret@host/db {from} {to} {output}",
    {
      dryRun: true,
    },
  );
  expect(files).toEqual([]);
  const { command } = (outcome as { generator: { command: string } }).generator;
  expect(command).toMatch(
    /^touch ran; diff --db postgresql:\/\/me:\*\*\*@host\/db '\/.*it'\\''s old\.sql' '\/.*new \$1\.sql' \{output\}$/,
  );
});

test("it cannot be combined with a module, and leaves no temporary folder", async () => {
  using project = testProject(SCHEMAS);
  const generator = generatorIn(project, "echo 'select 1' > {output}");
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith("confiture-generate-"));
  await expect(
    generate({ migrationsDir: project.dir, name: "x", now, generator, type: "ts" }),
  ).rejects.toMatchObject({ code: "CONFIG_008" });
  await generate({ migrationsDir: project.dir, name: "x", now, generator });
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("confiture-generate-"))).toEqual(before);
});

test("an interrupted run ends the program and says so", async () => {
  using project = testProject(SCHEMAS);
  const stop = new AbortController();
  const generator = { ...generatorIn(project, "exec sleep 60"), signal: stop.signal };
  const running = generate({ migrationsDir: project.dir, name: "x", now, generator });
  setTimeout(() => stop.abort(new Error("stopped")), 50);
  await expect(running).rejects.toThrow("stopped");
});
