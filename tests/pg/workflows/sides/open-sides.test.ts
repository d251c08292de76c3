import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, inject, test } from "vitest";
import { changeText } from "../../../../src/diff/change.ts";
import { compare } from "../../../../src/diff/compare.ts";
import { up } from "../../../../src/migrate/up.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { readSnapshot } from "../../../../src/schema/snapshot.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { openSides } from "../../../../src/workflows/sides/open-sides.ts";
import { parseSide } from "../../../../src/workflows/sides/parse-side.ts";
import type { Side, SideContext } from "../../../../src/workflows/sides/side.ts";
import { type Bench, testMigrations } from "../../../support/migrations.ts";

const CHAIN = {
  "1_users": "create table users (id int primary key)",
  "2_email": "alter table users add email text",
  "3_index": "create index concurrently users_email on users (email)",
};

const DDL = {
  "db/schema/10_users.sql": "create table users (id int primary key, email text);",
  "db/schema/20_index.sql": "create index users_email on users (email);",
  "db/schema/old/x.sql": "create table x ();",
  "db/schema/seeds/users.sql": "insert into users values (1);",
};

async function bench(): Promise<Bench & { readonly context: SideContext }> {
  const made = await testMigrations(CHAIN);
  const { dir } = made.project;
  for (const [file, text] of Object.entries(DDL)) made.project.write(file, text);
  const { url: _, ...target } = made.target;
  const schema = { projectDir: dir, includeDirs: [{ path: "db/schema" }], excludeDirs: ["db/schema/old"] };
  const environment = { PATH: process.env["PATH"], HOME: dir, GIT_DIR: "/of/another/hook" };
  return {
    ...made,
    context: { cwd: dir, projectDir: dir, schema, target: { ...target, environment } },
  };
}

const options = { scratch: { url: inject("serverUrl") }, read: readSnapshot };

async function differences(from: Side | string, to: Side | string, context: SideContext): Promise<string> {
  const side = async (one: Side | string) => (typeof one === "string" ? parseSide(one, context) : one);
  await using sides = await openSides(await side(from), await side(to), options);
  return changeText(compare(sides.from.snapshot, sides.to.snapshot));
}

test("DDL files, the migrations and a database that they were applied to are the same", async () => {
  await using b = await bench();
  await up(b.target, {});
  for (const word of ["db/schema", "migrations", "migrations@3", "migrations@3_index", b.database.url]) {
    expect(await differences("db/schema", word, b.context), word).toBe("");
    expect(await differences(word, b.database.url, b.context), word).toBe("");
  }
});

test("each word means what it says", async () => {
  await using b = await bench();
  const whole = "+ table public.users (with column × 2, not-null, primary-key, index, owner)";
  const from = async (word: string) => differences("empty", word, b.context);
  expect(await from("empty")).toBe("");
  expect(await from("db/schema")).toBe(whole);
  expect(await from(b.project.path("db"))).toBe(whole);
  expect(await from("db/schema/old")).toContain("+ table public.x");
  expect(await from("db/schema/10_users.sql")).not.toContain("index");
  expect(await from("migrations@1")).toBe("+ table public.users (with column, not-null, primary-key, owner)");
  expect(await from("migrations@2_email")).not.toContain("index");
  expect(await from(b.database.url)).toBe("");
  expect(await differences("migrations@2", "db/schema", b.context)).toBe("+ index public.users_email");
});

test("the repeatable files stand behind the whole chain", async () => {
  await using b = await bench();
  b.project.write("db/repeatable/people.sql", "create or replace view people as select id from users;");
  const target = { ...b.context.target, repeatableDir: b.project.path("db/repeatable") };
  const context = { ...b.context, target };
  expect(await differences("migrations@3", "migrations", context)).toBe("+ view public.people (with owner)");
});

test("a copy is the side and nothing else, and changing it leaves the side alone", async () => {
  await using b = await bench();
  for (const word of ["db/schema", "migrations", "empty", "db/schema/10_users.sql"]) {
    await using sides = await openSides(
      await parseSide(word, b.context),
      await parseSide(b.database.url, b.context),
      options,
    );
    expect(await sides.to.copy()).toBeNull();
    for (const _again of [1, 2]) {
      const copy = await sides.from.copy();
      await using db = await Connection.open(copy!.url);
      const read = await readSnapshot(db, { builder: db.server.user });
      expect(compare(sides.from.snapshot, read), word).toEqual([]);
      await db.run(sql`create table extra ()`);
    }
  }
});

const git = (b: Bench, ...words: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...words], {
    cwd: b.project.dir,
    env: { PATH: process.env["PATH"], HOME: b.project.dir },
    encoding: "utf8",
  });

const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith("confiture-git-"));

test("a ref of git is built from its files, and the repository stays as it is", async () => {
  await using b = await bench();
  git(b, "init", "-q", "-b", "main");
  git(b, "add", "db");
  git(b, "commit", "-q", "-m", "one");
  b.project.write("db/schema/30_more.sql", "create table more ();");
  b.project.write("db/schema/10_users.sql", "create table users (id int);");
  b.project.write("db/schema/20_index.sql", "");
  git(b, "add", "db/schema/30_more.sql");
  const before = [git(b, "status", "--porcelain"), readdirSync(b.project.path(".git")).toSorted()];
  const folderCount = folders().length;
  for (const word of ["git:main", "git:HEAD:db/schema", "git:main:db"]) {
    const text = await differences(word, "db/schema", b.context);
    expect(text.split("\n").toSorted(), word).toEqual([
      "+ table public.more (with owner)",
      "- column public.users.email",
      "- index public.users_email",
      "- not-null public.users.id",
      "- primary-key public.users.users_pkey",
    ]);
  }
  expect(await differences("empty", "git:main:db/schema/10_users.sql", b.context)).toContain("users");
  expect([git(b, "status", "--porcelain"), readdirSync(b.project.path(".git")).toSorted()]).toEqual(before);
  expect(folders()).toHaveLength(folderCount);
  const nested = {
    ...b.context,
    cwd: b.project.path("db"),
    projectDir: b.project.path("db"),
    schema: undefined,
  };
  expect(await differences("git:main:schema/10_users.sql", "schema/10_users.sql", nested)).toContain(
    "column",
  );
});

test.each([
  ["nowhere", "DIFFER_402", "nowhere"],
  ["mysql://u:secret@h/x", "DIFFER_402", "***"],
  ["db/migrations/1_users.up.txt", "DIFFER_402", "No such folder"],
  ["git:", "DIFFER_402", "names no ref"],
  ["git:-x", "DIFFER_402", "names no ref"],
  ["git:main:", "DIFFER_402", "no path"],
  ["git:main", "DIFFER_403", "not a git repository"],
  ["migrations@9", "MIGR_100", "9"],
  ["migrations@", "MIGR_100", ""],
  ["postgresql://h:port/x", "CONFIG_003", ""],
  ["host=h password=secret nonsense=x", "CONFIG_003", "nonsense"],
])("%s is refused with %s", async (word, code, said) => {
  await using b = await bench();
  const asked = (async () =>
    (await parseSide(word, b.context)).open({
      scratch: () => Promise.reject(),
      read: readSnapshot,
    }))();
  const error = await asked.then(
    () => undefined,
    (failure: Error & { code: string; actionable: string }) => failure,
  );
  expect(error).toMatchObject({ code });
  expect(`${error?.message} ${error?.actionable}`).toContain(said);
  expect(error?.message).not.toContain("secret");
});

test("a ref that git does not know, a path that it lacks, and one outside", async () => {
  await using b = await bench();
  git(b, "init", "-q", "-b", "main");
  git(b, "add", "db/migrations");
  git(b, "commit", "-q", "-m", "one");
  await expect(differences("git:other", "empty", b.context)).rejects.toMatchObject({
    code: "DIFFER_403",
    context: { details: { ref: "other", side: "git:other" } },
  });
  await expect(differences("git:main", "empty", b.context)).rejects.toMatchObject({ code: "SCHEMA_201" });
  await expect(differences("git:main:x.sql", "empty", b.context)).rejects.toMatchObject({
    code: "SCHEMA_201",
  });
  await expect(differences("git:main:../elsewhere", "empty", b.context)).rejects.toMatchObject({
    code: "DIFFER_403",
  });
});

/** A live side that says to be of this version. */
const live = (label: string, major: number): Side => ({
  label,
  major: async () => major,
  open: () => Promise.reject(new Error("never opened")),
});

test("two live databases of different versions are refused by name, and so is another version than the live one", async () => {
  await expect(openSides(live("a", 15), live("b", 17), options)).rejects.toMatchObject({
    code: "DIFFER_401",
    message: expect.stringContaining("a is on PostgreSQL 15 and b on PostgreSQL 17"),
  });
  const asked = { ...options, scratch: { ...options.scratch, major: 16 } };
  await expect(openSides(live("a", 15), live("b", 15), asked)).rejects.toMatchObject({ code: "CONFIG_008" });
});

test("two live databases need no scratch server", async () => {
  await using a = await bench();
  await using b = await bench();
  await using sides = await openSides(
    await parseSide(a.database.url, a.context),
    await parseSide(b.database.url, b.context),
    { scratch: { url: "postgresql://nobody@127.0.0.1:1/nowhere" }, read: readSnapshot },
  );
  expect(compare(sides.from.snapshot, sides.to.snapshot)).toEqual([]);
});

test("what fails says which side it was", async () => {
  await using b = await bench();
  b.project.write("db/schema/30_bad.sql", "create table bad (id nothing);");
  await expect(differences("migrations", "db/schema", b.context)).rejects.toMatchObject({
    code: "SCHEMA_202",
    context: { details: { side: "db/schema" } },
  });
});
