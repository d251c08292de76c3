import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { identSql, sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { type Project, testProject } from "../support/project.ts";

/** The ```sh blocks of a document from one heading to the next of the same level, as one script. */
function blocksOf(file: string, heading?: string): string {
  const text = readFileSync(file, "utf8");
  const section = heading === undefined ? text : text.split(`\n## ${heading}\n`)[1]!.split("\n## ")[0]!;
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]).join("\n");
}

/** Lines with a comment `# exit N` must end so, all others with 0. */
const asScript = (commands: string) =>
  `set -eu\n${commands.replace(/^(.*\S)\s+# exit (\d+)$/gm, "code=0; $1 || code=$?; test $code -eq $2")}`;

/** Run a document's commands with `confiture` on the PATH and as a package, in the project's folder. */
function run(project: Project, commands: string, environment: Readonly<Record<string, string>> = {}) {
  const cli = resolve("dist/bin/confiture.js");
  expect(existsSync(cli), "run `npm run build` first").toBe(true);
  project.write("bin/confiture", `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
  chmodSync(project.path("bin/confiture"), 0o755);
  mkdirSync(project.path("node_modules"));
  symlinkSync(resolve("."), project.path("node_modules/confiture"));
  const { status, stdout, stderr } = spawnSync("bash", ["-c", asScript(commands)], {
    cwd: project.dir,
    encoding: "utf8",
    env: {
      PATH: `${project.path("bin")}:${process.env["PATH"]}`,
      HOME: process.env["HOME"],
      CONFITURE_SCRATCH_URL: inject("serverUrl"),
      ...environment,
    },
  });
  expect({ status, stderr, stdout }).toMatchObject({ status: 0 });
  return stdout;
}

/** The quickstart's project; production holds its first four migrations, applied by hand. */
async function adopted(work: (project: Project, environment: Record<string, string>) => void): Promise<void> {
  await using production = await testDatabase();
  using project = testProject();
  cpSync("examples/quickstart/db", project.path("db"), { recursive: true });
  const files = readdirSync(project.path("db/migrations")).filter((file) =>
    /^00[1-4].*\.up\.sql$/.test(file),
  );
  {
    await using db = await Connection.open(production.url);
    for (const file of files.toSorted()) {
      await db.run(sql.raw(readFileSync(project.path(join("db/migrations", file)), "utf8")));
    }
  }
  await using admin = await Connection.open(inject("serverUrl"));
  const copy = `${production.name}_copy`;
  await admin.run(sql`create database ${identSql(copy)} template ${identSql(production.name)}`);
  try {
    work(project, {
      PRODUCTION_URL: production.url,
      PREFLIGHT_URL: production.url.replace(production.name, copy),
      SCRATCH_URL: inject("serverUrl"),
    });
  } finally {
    await admin.run(sql`drop database ${identSql(copy)} with (force)`);
  }
}

const ADOPT = 'export CONFITURE_DATABASE_URL="$PRODUCTION_URL"\nconfiture migrate baseline --through 004\n';

describe("every command of the documents works as written", () => {
  test("README: two commands for a fresh machine, which .ci/run calls", () => {
    const [first] = readFileSync("README.md", "utf8").split("\n## ");
    const commands = [...first!.matchAll(/```sh\n([\s\S]*?)```/g)][0]![1]!;
    expect(commands.match(/npm [a-z -]+[a-z]/g)).toEqual(["npm ci", "npm run quickstart", "npm cit"]);
    const ci = readFileSync(".ci/run", "utf8");
    expect(ci).toContain("npm run quickstart");
    expect(ci).toContain("npm cit");
  });

  test("README: five minutes", () => {
    using project = testProject();
    const commands = blocksOf("README.md", "Five minutes");
    const out = run(
      project,
      `trap 'confiture db stop > /dev/null' EXIT\nunset CONFITURE_SCRATCH_URL\n${commands}`,
    );
    expect(out).toContain("+ column public.users.name");
    expect(out).toContain("No drift");
    expect(out).toMatch(/2 applied, 0 pending, 2 on disk\n/);
  });

  test("README: a database that is already there", async () => {
    await adopted((project, environment) => {
      const out = run(project, blocksOf("README.md", "A database that is already there"), environment);
      expect(out).toContain("Marked 4 migration(s) as applied, skipped 0 already applied");
      expect(JSON.parse(readFileSync(project.path("preflight.json"), "utf8"))).toMatchObject({ ok: true });
    });
  });

  test("README: in CI", async () => {
    await adopted((project, environment) => {
      run(project, ADOPT + blocksOf("README.md", "In CI"), environment);
      expect(JSON.parse(readFileSync(project.path("up.json"), "utf8"))).toMatchObject({
        applied: [{ version: "005" }],
      });
    });
  });

  test.each(readdirSync("docs/guides"))("docs/guides/%s", async (guide) => {
    await adopted((project, environment) => {
      expect(run(project, ADOPT + blocksOf(`docs/guides/${guide}`), environment).length).toBeGreaterThan(0);
    });
  });

  test("CONTRIBUTING: its npm scripts exist", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = [...readFileSync("CONTRIBUTING.md", "utf8").matchAll(/npm run ([a-z:]+)/g)].map(
      (match) => match[1]!,
    );
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test("every relative link leads somewhere", () => {
    const guides = readdirSync("docs/guides").map((file) => join("docs/guides", file));
    const documents = [
      "README.md",
      "ARCHITECTURE.md",
      "CONTRIBUTING.md",
      "CHANGELOG.md",
      "FORMATS.md",
      ...guides,
    ];
    const dead = documents.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g)]
        .map((m) => join(dirname(file), m[1]!))
        .filter((path) => !existsSync(path)),
    );
    expect(dead).toEqual([]);
  });
});
