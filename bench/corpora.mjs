// Schemas that others wrote, as the folders given to a measurement hold them.
//
// A folder holds one schema in `db/schema/**.sql`, a history in `db/migrations/*.up.sql`, a schema for each file of
// `dump/**.sql`, a tree with `\i` below `include/main.sql`, or pairs of schemas: `<case>/{a,b}.sql` or
// `pairs/<case>/{old,new}.sql`, perhaps with a `setup.sql` for both. `db/pre.sql` comes before all else, and
// `roles.txt` names roles.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { load } from "./sources.mjs";

const { readSources } = await load("src/build/sources.ts");
const { makeRoles } = await load("src/scratch/roles.ts");
const { statementFacts } = await load("src/sql/facts.ts");
const { parseScript } = await load("src/sql/parse-script.ts");
const { sql } = await load("src/sql/tag.ts");

const ROLES = ["corpus_other", "corpus_owner", "corpus_reader"];

const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : "");

const sqlIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".sql"))
        .sort()
    : [];

const migrationsIn = (folder) =>
  sqlIn(join(folder, "db/migrations"))
    .filter((file) => file.endsWith(".up.sql"))
    .map((file) => read(join(folder, "db/migrations", file)));

/** A file with those that it includes, which may be all of a folder. */
function withIncluded(folder, file) {
  const path = join(folder, file);
  if (!statSync(path).isDirectory())
    return read(path).replaceAll(/^\\i (.+)$/gm, (_, included) => withIncluded(folder, included.trim()));
  return sqlIn(path)
    .map((one) => withIncluded(folder, join(file, one)))
    .join("\n");
}

/** `{ name, text }` of each schema in a folder, a history's being where it ends. */
export function schemasIn(folder) {
  const name = basename(folder);
  const one = (texts) => [{ name, text: [read(join(folder, "db/pre.sql")), ...texts].join("\n;\n") }];
  if (existsSync(join(folder, "db/schema")))
    return one(
      readSources({ projectDir: folder, includeDirs: [{ path: "db/schema" }] }).map(({ text }) => text),
    );
  if (existsSync(join(folder, "db/migrations"))) return one(migrationsIn(folder));
  const dumps = sqlIn(join(folder, "dump")).map((file) => ({
    name: `${name}/${file}`,
    text: read(join(folder, "dump", file)),
  }));
  const include = join(folder, "include");
  if (!existsSync(include)) return dumps;
  return [...dumps, { name: `${name}/include`, text: withIncluded(include, "main.sql") }];
}

/** `{ name, sides, roles, needs }` of each pair of schemas in a folder; of a history its first step and its end. */
export function pairsIn(folder) {
  const rolesFile = join(folder, "roles.txt");
  const roles = existsSync(rolesFile) ? read(rolesFile).split("\n").filter(Boolean) : ROLES;
  const migrations = migrationsIn(folder);
  if (migrations.length > 0) {
    const pre = read(join(folder, "db/pre.sql"));
    const sides = [migrations.slice(0, 1), migrations].map((texts) => [pre, ...texts].join("\n;\n"));
    return [{ name: basename(folder), sides, roles, needs: 13 }];
  }
  const [root, ...files] = existsSync(join(folder, "pairs"))
    ? [join(folder, "pairs"), "old.sql", "new.sql"]
    : [folder, "a.sql", "b.sql"];
  return readdirSync(root)
    .sort()
    .map((name) => {
      const sides = files.map((file) => read(join(root, name, "setup.sql")) + read(join(root, name, file)));
      const needs = Number(sides[0].match(/^-- postgresql >= (\d+)/)?.[1] ?? 13);
      return { name, sides, roles, needs };
    });
}

const LEFT_OUT = new Set(["CopyStmt", "CreateRoleStmt"]);

/**
 * Runs what the server takes, again and again, as what one statement needs may stand below it; gives what the server
 * refuses. Copied rows and psql's commands are left out.
 */
export async function loadInto(db, text, roles = []) {
  const { statements } = await parseScript({ text: text.replaceAll(/^\\[a-z].*$/gm, "") }, "SCHEMA_200");
  const named = statements.flatMap((statement) =>
    [...statementFacts(statement).uses, ...statementFacts(statement).defines]
      .filter(({ type }) => type === "role")
      .map(({ name }) => name),
  );
  await makeRoles(db, new Set([...roles, ...named].filter((role) => !role.startsWith("pg_"))));
  let waiting = statements.filter(({ kind }) => !LEFT_OUT.has(kind)).map((statement) => statement.text);
  for (;;) {
    const refused = [];
    for (const statement of waiting) {
      try {
        await db.run(sql.raw(statement));
      } catch (error) {
        refused.push({ statement, why: `${error.message} in: ${statement.slice(0, 100)}` });
      }
    }
    if (refused.length === 0 || refused.length === waiting.length) return refused.map(({ why }) => why);
    waiting = refused.map(({ statement }) => statement);
  }
}
