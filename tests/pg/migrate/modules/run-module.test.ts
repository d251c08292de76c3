import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ConfitureError } from "../../../../src/base/errors.ts";
import { loadModuleMigration } from "../../../../src/migrate/modules/module-migration.ts";
import { runModule, type RunModuleOptions } from "../../../../src/migrate/modules/run-module.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { type TestDatabase, testDatabase } from "../../../support/database.ts";
import { testProject } from "../../../support/project.ts";

let database: TestDatabase;
let db: Connection;

beforeAll(async () => {
  database = await testDatabase();
  db = await Connection.open(database.url);
});

beforeEach(async () => {
  await db.run(sql`drop table if exists t, made; create table t (id int primary key, word text)`);
});

afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

interface Way extends RunModuleOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly direction?: "up" | "down";
  readonly name?: string;
  readonly on?: Connection;
}

/** Run a module of this text as the runner does: in a transaction that commits, or outside of one. */
async function run(
  text: string,
  { files = {}, direction = "up", name = "003_x.ts", on = db, ...options }: Way = {},
) {
  using project = testProject({ [name]: text, ...files });
  const module = await loadModuleMigration(project.path(name));
  const work = () => runModule(on, module, direction, options);
  return module.transactional ? await on.transaction(work) : await work();
}

/** The body of an `up()` from line 2 on. */
const up = (body: string, beside = "") =>
  `export async function up(db) {\n${body}\n}\n${beside}`.replace(
    "(db)",
    "(db: import('confiture').MigrationClient)",
  );

const OUTSIDE = "export const transactional = false;";

const failure = (text: string, way?: Way): Promise<unknown> =>
  run(text, way).then(
    () => "done",
    (error: unknown) => error,
  );

const words = async () =>
  (await db.rows<{ word: string }>(sql`select word from t order by id`)).map((r) => r.word);

test("statements, parameters, templates and files; the rows written are counted", async () => {
  const done: string[] = [];
  const { rowsAffected } = await run(
    up(`const written = await db.execute("insert into t values (1, 'a'), (2, 'b'); update t set word = 'c' where id = 2");
  if (written !== 3) throw new Error(String(written));
  await db.execute("insert into t values ($1, $2)", [3, "d';"]);
  const rows = await db.query<{ n: number }>("select count(*) as n from t where id > $1", [1]);
  const [returned] = await db.sql<{ word: string }>\`insert into t values (\${rows[0]!.n + 2}, \${"e"}) returning word\`;
  if (returned?.word !== "e") throw new Error("nothing returned");
  if (await db.executeFile("sql/more.sql") !== 2) throw new Error("not two");
  const { major, database } = db.server;
  await db.execute("update t set word = $1 where id = 1", [\`\${major > 12} \${database.slice(0, 2)} \${db.dryRun}\`]);`),
    {
      files: { "sql/more.sql": "insert into t values (5, 'f');\ncopy t from stdin;\n6\tg\n\\.\n" },
      onStatement: ({ text }) => done.push(text.split(" ")[0]!),
    },
  );
  expect(await words()).toEqual(["true t_ false", "c", "d';", "e", "f", "g"]);
  expect(rowsAffected).toBe(8);
  expect(done).toEqual(["insert", "update", "insert", "select", "insert", "insert", "copy", "update"]);
});

test("down() goes back, and without one there is no way back", async () => {
  const text = up(
    `  await db.execute("create table made ()");`,
    `export const down = (db) => db.execute("drop table made");`,
  );
  await run(text);
  await run(text, { direction: "down" });
  expect(await db.rows(sql`select to_regclass('made') as made`)).toEqual([{ made: null }]);
  expect(await failure(up(""), { direction: "down" })).toMatchObject({ code: "ROLLBACK_600" });
});

describe("errors of the server name the call's line", () => {
  test.each([
    ["003_x.ts", up(`\n  await db.execute(\n    "select 1; select nope",\n  );`), 3],
    [
      "003_x.ts",
      up(
        `  const wrong = async () => {\n    await null;\n    await db.query("select nope");\n  };\n  await wrong();`,
      ),
      4,
    ],
    ["003_x.mjs", "export const up = async (db) => {\n  await db.sql`select nope`;\n};\n", 2],
    ["003_x.js", "exports.up = async (db) => {\n  await db.query('select nope');\n};\n", 2],
    [
      "003_x.ts",
      "import { help } from './help.ts';\nexport const up = async (db) => {\n  await help(db);\n};\n",
      3,
    ],
  ])("%s %j", async (name, text, line) => {
    const files = {
      "help.ts":
        "export async function help(db: any) {\n  await null;\n  await db.execute('select nope');\n}\n",
    };
    expect(await failure(text, { name, files })).toMatchObject({
      code: "MIGR_001",
      message: 'column "nope" does not exist',
      context: {
        file: expect.stringContaining(name),
        line,
        pointer: expect.stringContaining("^"),
        details: { sqlstate: "42703", statement: expect.stringContaining("select nope") },
      },
    });
  });

  test("one in a file names the file and its line, and where it was called", async () => {
    const files = { "a.sql": "insert into t values (1);\n\nselect nope;\n" };
    expect(await failure(up(`  await db.executeFile("a.sql");`), { files })).toMatchObject({
      code: "MIGR_001",
      context: {
        file: expect.stringMatching(/a\.sql$/),
        line: 3,
        details: { called_at: expect.stringMatching(/003_x\.ts:2$/) },
      },
    });
    expect(await words()).toEqual([]);
  });

  test("a password in a statement is not repeated", async () => {
    const error = await failure(up(`  await db.query("create role pg_no password 'hush'");`));
    expect(error).toMatchObject({ code: "MIGR_001" });
    expect(JSON.stringify(error)).not.toContain("hush");
  });
});

test.each([
  ["MIGR_108", `await db.execute("selec 1");`, "does not parse"],
  ["MIGR_108", `await db.query("select 1 where");`, "does not parse"],
  ["MIGR_001", `await db.execute(" -- nothing");`, "the SQL holds no statement"],
  ["MIGR_001", `await db.executeFile("no.sql");`, "no.sql cannot be read"],
  ["MIGR_001", `await db.executeFile("blank.sql");`, "blank.sql holds no statement"],
  ["MIGR_001", `await db.query("select 1; select 2");`, "2 statements stand where one is wanted"],
  ["MIGR_001", `await db.execute("select 1; select $1", [1]);`, "2 statements stand where one is wanted"],
  ["MIGR_001", `await db.execute("select $1, $2", [1, undefined]);`, "parameter $2 is undefined"],
  [
    "MIGR_001",
    `await db.query("copy t from stdin;\\n1\\ta\\n\\\\.\\n");`,
    "COPY with its data is run by execute()",
  ],
  [
    "MIGR_001",
    `await db.execute({ text: "select 1" } as never);`,
    "SQL must be a text, and this is of type object",
  ],
  ["MIGR_001", `await db.execute("create index concurrently on t (word)");`, "cannot run in a transaction"],
  ["MIGR_001", `(undefined as any).x;`, "up() of "],
  ["MIGR_001", `throw "only words";`, "threw: only words"],
])("%s for %s", async (code, body, message) => {
  const error = await failure(up(`  await db.execute("insert into t values (1)");\n  ${body}`), {
    files: { "blank.sql": "-- nothing\n" },
  });
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  const hasLine = !body.startsWith("throw") && !body.includes("blank");
  expect((error as ConfitureError).context.line).toBe(hasLine ? 3 : undefined);
  expect(await words()).toEqual([]);
});

describe("transaction control is refused before anything of the call runs", () => {
  test.each([
    "begin",
    "start transaction",
    "commit",
    "end",
    "rollback",
    "abort",
    "prepare transaction 'x'",
    "commit and chain",
  ])("%s", async (control) => {
    for (const beside of ["", OUTSIDE]) {
      const text = up(`  await db.execute("insert into t values (1);\\n${control};");`, beside);
      expect(await failure(text)).toMatchObject({ code: "MIGR_107", context: { line: 2 } });
      expect(await words()).toEqual([]);
    }
  });

  test("hidden in a file", async () => {
    const files = { "a.sql": "insert into t values (1);\nCOMMIT;\n" };
    expect(await failure(up(`  await db.executeFile("a.sql");`), { files })).toMatchObject({
      code: "MIGR_107",
      message: "COMMIT stands inside a migration",
      context: { file: expect.stringMatching(/a\.sql$/), line: 2 },
    });
    expect(await words()).toEqual([]);
  });

  test("what a function body or a savepoint does is allowed", async () => {
    await run(
      up(`  await db.execute(\`do $$ begin insert into t values (1); perform 1 / 0; exception when others then null; end $$\`);
  await db.execute("savepoint a; insert into t values (2, 'gone'); rollback to savepoint a; release savepoint a");
  await db.execute("insert into t values (3, 'kept')");`),
    );
    expect(await words()).toEqual(["kept"]);
  });
});

describe("savepoints", () => {
  test("nested; what is thrown undoes one, and is thrown on", async () => {
    await run(
      up(`  await db.savepoint(async () => {
    await db.execute("insert into t values (1, 'outer')");
    await db.savepoint(() => db.execute("insert into t values (1, 'twice')")).catch(() => {});
    const made = await db.savepoint(async () => { await db.execute("insert into t values (2, 'inner')"); return 7; });
    await db.execute("insert into t values (3, $1)", [String(made)]);
  });
  const thrown = await db.savepoint(async () => { await db.execute("delete from t"); throw new Error("mine"); }).catch((error: Error) => error.message);
  await db.execute("insert into t values (4, $1)", [thrown]);`),
    );
    expect(await words()).toEqual(["outer", "inner", "7", "mine"]);
  });

  test("a call beside an open one is refused, as it could be undone with it", async () => {
    const text = up(`  await Promise.all([
    db.savepoint(() => db.execute("insert into t values (1)")),
    db.execute("insert into t values (2)"),
  ]);`);
    expect(await failure(text)).toMatchObject({
      code: "MIGR_001",
      message: "a call was made beside an open savepoint, which may undo it",
      context: { line: 4 },
    });
    expect(await words()).toEqual([]);
  });

  test("outside a transaction there are none", async () => {
    const text = up(`  await db.savepoint(async () => {});`, OUTSIDE);
    expect(await failure(text)).toMatchObject({
      code: "MIGR_001",
      message: expect.stringContaining("savepoint needs a transaction"),
    });
  });
});

describe("nothing that is not awaited is lost", () => {
  test.each([
    [2, up(`  void db.execute("insert into t values (1)");`)],
    [2, up(`  void db.execute("insert into nope values (1)");`)],
    [
      3,
      up(
        `  const all = [1, 2].map(async (id) => {\n    await db.execute("insert into t values ($1)", [id]);\n    await db.execute("select 1");\n  });`,
      ),
    ],
    [
      2,
      up(
        `  void db.savepoint(async () => {\n    await db.execute("insert into t values (1)");\n    await db.execute("insert into t values (2)");\n  });`,
      ),
    ],
    [
      2,
      up(
        `  void db.execute("insert into nope values (1)");\n  await db.execute("insert into t values (1)").catch(() => {});`,
      ),
    ],
    [
      2,
      up(
        `  void db.execute("insert into nope values (1)");\n  await db.execute("insert into t values (1)");`,
        OUTSIDE,
      ),
    ],
    [2, up(`  void db.execute("insert into nope values (1)");`, OUTSIDE)],
  ])("line %d of %j", async (line, text) => {
    expect(await failure(text)).toMatchObject({
      code: "MIGR_001",
      message: expect.stringContaining("a statement was not awaited by up() of "),
      context: { line },
    });
    expect(db.transactionStatus).toBe("I");
  });

  test("what runs at once and is awaited together is fine, in the order of the calls", async () => {
    await run(
      up(`  const ids = [1, 2, 3];
  void db.execute("insert into t values (0, 'zero')");
  await Promise.all(ids.map((id) => db.execute("insert into t select $1, count(*) from t", [id])));`),
    );
    expect(await words()).toEqual(["zero", "1", "2", "3"]);
  });

  test("an error of up() waits for what runs beside it", async () => {
    const text = up(`  await Promise.all([
    db.execute("select pg_sleep(0.2)"),
    db.execute("insert into t values (1)"),
    Promise.reject(new Error("mine")),
  ]);`);
    expect(await failure(text)).toMatchObject({
      code: "MIGR_001",
      message: expect.stringContaining("threw: mine"),
    });
    expect(db.transactionStatus).toBe("I");
    expect(await words()).toEqual([]);
  });

  test("a call after the end is an error", async () => {
    let late: Promise<number> | undefined;
    const kept: { later?: () => Promise<number> } = {};
    Reflect.set(globalThis, "kept", kept);
    await run(up(`  (globalThis as any).kept.later = () => db.execute("insert into t values (1)");`));
    late = kept.later?.();
    await expect(late).rejects.toMatchObject({
      code: "MIGR_001",
      message: "a statement came after the migration had ended",
      context: { line: 2 },
    });
    Reflect.deleteProperty(globalThis, "kept");
  });

  test("a failure that was caught without a savepoint is told, not the one that followed from it", async () => {
    const text = up(`  for (const table of ["nope", "t"]) {
    try { await db.execute(\`insert into \${table} values (1)\`); } catch {}
  }`);
    expect(await failure(text)).toMatchObject({
      code: "MIGR_001",
      message: expect.stringMatching(/went on after a failed statement: relation "nope" does not exist$/),
      context: { line: 3, details: { sqlstate: "42P01" } },
    });
  });
});

describe("outside a transaction", () => {
  test("each statement is one of its own, and a failure that is caught is no failure", async () => {
    const text = up(
      `  await db.execute("insert into t values (1, 'a'); create index concurrently on t (word)");
  await db.execute("insert into t values (1, 'b')").catch(() => {});
  await db.execute("insert into t values (2, 'c'); select nope; insert into t values (3, 'd')");`,
      OUTSIDE,
    );
    const done: string[] = [];
    expect(await failure(text, { onStatement: ({ kind }) => done.push(kind) })).toMatchObject({
      code: "MIGR_001",
      context: { line: 4 },
    });
    expect(await words()).toEqual(["a", "c"]);
    expect(done).toEqual(["InsertStmt", "IndexStmt", "InsertStmt"]);
  });

  test("a rehearsal refuses it before it runs, in a transaction or not", async () => {
    const text = up(`  await db.execute("insert into t values (1)");`, OUTSIDE);
    expect(await failure(text, { dryRun: true })).toMatchObject({ code: "MIGR_001" });
    expect(await db.transaction(() => failure(text))).toMatchObject({
      code: "MIGR_001",
      message: expect.stringContaining("runs outside a transaction, so it cannot be rolled back"),
    });
    expect(await words()).toEqual([]);
  });
});

test("a rehearsal is told to the module", async () => {
  await run(up(`  await db.execute("insert into t values (1, $1)", [String(db.dryRun)]);`), { dryRun: true });
  expect(await words()).toEqual(["true"]);
});

test("a lost connection is told as such", async () => {
  await using other = await Connection.open(database.url);
  const text = up(`  await db.execute("select pg_terminate_backend(pg_backend_pid())");`);
  expect(await failure(text, { on: other })).toMatchObject({ code: "CONFIG_006" });
});

test("an abort ends it with its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("stopped");
  await using other = await Connection.open(database.url, { signal: controller.signal });
  const running = failure(
    up(`  try { await db.execute("select pg_sleep(60)"); } catch { await db.execute("select 1"); }`),
    { on: other },
  );
  setTimeout(() => controller.abort(reason), 100);
  expect(await running).toBe(reason);
});
