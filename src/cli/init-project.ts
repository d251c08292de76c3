import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { SUM_FILE } from "../migrate/linear/sum.ts";
import { writeSum } from "../migrate/linear/write-sum.ts";

export const initOutput = defineOutput(
  "init",
  1,
  z.object({
    path: z.string(),
    created: z.array(z.string()),
    kept: z.array(z.string()).describe("Files that were there already and are unchanged"),
  }),
);

const TABLE = `create table users (
  id bigint generated always as identity primary key,
  email text not null unique,
  created_at timestamptz not null default now()
);
`;

const CONFIG = "db/environments/local.yaml";
const MIGRATIONS = "db/migrations";

const LINEAR = `migration:
  linear: true # migrations of branches have one order, which ${MIGRATIONS}/${SUM_FILE} keeps
`;

const FILES: Readonly<Record<string, string>> = {
  [CONFIG]: `# The environment that every command uses unless told otherwise.
# "embedded" is a PostgreSQL of this project's own, in .confiture/; replace it by a connection string at will.
database_url: embedded
include_dirs:
  - db/schema
`,
  "db/schema/00_common/extensions.sql": "-- Extensions, types and whatever else the tables need.\n",
  "db/schema/10_tables/users.sql": TABLE,
  [`${MIGRATIONS}/001_create_users.up.sql`]: TABLE,
  [`${MIGRATIONS}/001_create_users.down.sql`]: "drop table users;\n",
  "db/seeds/common/00_users.sql":
    "insert into users (email) values ('somebody@example.com') on conflict do nothing;\n",
  "db/README.md": `# The database

- \`schema/\`: what the database should be, as DDL files. \`confiture build\` makes one script of them.
- \`migrations/\`: how it gets there, as pairs of \`<version>_<name>.up.sql\` and \`.down.sql\`.
- \`environments/\`: one file for each database.
- \`seeds/\`: rows to start with.

\`confiture migrate preflight\` proves that the migrations lead to what \`schema/\` says.
`,
};

/**
 * Write a new project's files; what is there already stays as it is. A linear one has `migrations.sum`, for all the
 * migrations that are there.
 */
export async function initProject(
  path: string,
  { linear = false }: { readonly linear?: boolean | undefined } = {},
): Promise<z.infer<typeof initOutput.schema>> {
  const created: string[] = [];
  const kept: string[] = [];
  for (const [file, text] of Object.entries(FILES)) {
    const whole = linear && file === CONFIG ? text + LINEAR : text;
    ((await writeNew(join(path, file), whole)) ? created : kept).push(file);
  }
  if (linear) {
    const isThere = existsSync(join(path, MIGRATIONS, SUM_FILE));
    if (!isThere) await writeSum(join(path, MIGRATIONS));
    (isThere ? kept : created).push(`${MIGRATIONS}/${SUM_FILE}`);
  }
  return { path, created, kept };
}

/** False when the file exists. */
async function writeNew(file: string, text: string): Promise<boolean> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: "wx" });
    return true;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    throw new ConfitureError("CONFIG_004", `${file} cannot be written: ${message}`, { file, cause });
  }
}
