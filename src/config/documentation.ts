import * as z from "zod";
import type { KeySchema } from "../base/key-schema.ts";
import { keyTable } from "../base/key-table.ts";
import { DEAD_KEYS } from "./dead-keys.ts";
import { environmentSchema } from "./environment-schema.ts";

const INTRODUCTION = `# Configuration

A project keeps one file per environment: \`db/environments/<env>.yaml\`. Commands read
\`db/environments/local.yaml\`; \`--env prod\` chooses \`db/environments/prod.yaml\`, and \`--config FILE\` any other
file. No key is required:

\`\`\`yaml
database_url: postgresql://app@localhost/app
\`\`\`

## Which database

The first of these that names a database decides:

1. \`--database-url URL\`.
2. With \`--no-config\`, which reads no file at all: \`CONFITURE_DATABASE_URL\`, else \`DATABASE_URL\`.
3. \`--config\` or \`--env\`. If \`CONFITURE_DATABASE_URL\` is set as well, that is an error (\`CONFIG_007\`),
   even when both name the same database.
4. \`CONFITURE_DATABASE_URL\`.
5. \`db/environments/local.yaml\`, if it exists.
6. \`DATABASE_URL\`. Commands that write say host and database on stderr before they begin.

An empty variable counts as not set. A URL is \`postgresql://user@host:5432/database\`, a list of
\`key=value\` pairs as libpq reads them, or the word \`embedded\`. Except under \`--no-config\`, the other settings of
a config file (ledger, directories, time limits) hold whichever source names the database.

## Directories

\`include_dirs\` and \`exclude_dirs\` start at the project: the folder above \`db/environments/\`, or the current
directory for a file that lies elsewhere. \`migration.grant_dir\` starts at the folder of the file it is written in.

## Variables

\`\${NAME}\` is replaced by the environment variable in every value that is text. Only upper-case names are
replaced. A variable that is not set or is empty, a name in lower case, a default such as \`\${NAME:-x}\`, a
\`\${\` that is never closed, and one \`\${\` inside another are errors (\`CONFIG_009\`). Every other \`$\` stands for
itself. What a variable contains is not replaced again, so a password that contains \`\${\` belongs into a
variable. In \`database_url\`, a value that contains \`@\`, \`/\` or \`:\` must be percent-encoded; the \`database\` block
takes values as they are.

## Errors

The file is YAML 1.2: booleans are \`true\` and \`false\`. A key that is not listed here or that is given twice, a
value of the wrong type, and a key without a value are errors. All problems of a file are reported at once, each
with its line. Keys marked *no effect* are understood because other tools use them; they change nothing, and are
warned about.

## Keys

`;

/** \`docs/configuration.md\`, written from the schema's own descriptions. */
export function configurationPage(): string {
  const schema = z.toJSONSchema(environmentSchema, { io: "input" }) as KeySchema;
  return (
    INTRODUCTION + keyTable(schema, (key) => (key in DEAD_KEYS ? `*No effect: ${DEAD_KEYS[key]}.*` : ""))
  );
}
