import { stringify } from "yaml";
import * as z from "zod";
import type { KeySchema } from "../base/key-schema.ts";
import { keyTable } from "../base/key-table.ts";
import { type Anonymizer, columnOfType, type Distinctness, type MaskedColumn } from "./anonymizer.ts";
import { ANONYMIZERS } from "./anonymizers/index.ts";
import { columnMasker } from "./column-masker.ts";
import { masterKey } from "./keyed/master-key.ts";

const KEY = "the key of this page";
const DOMAIN = "the domain of this page";

const INTRODUCTION = `# Anonymizers

An anonymizer replaces the values of a column. NULL stays NULL. For the same value, key and identity domain it gives
the same result, in every table and every run; columns have one identity domain when a foreign key joins them or their
rules name the same \`domain\`. A rule is the name of an anonymizer, or a mapping:

\`\`\`yaml
email: email
phone: { anonymizer: phone, keep_first: 3, domain: phone }
\`\`\`

What does not fit, such as a text in a column of addresses that is none, becomes something opaque: nothing is left as it
is because it could not be read. A rule that does not fit its column is an error (\`ANON_1400\`), and so is one that could
give two rows of a unique column the same value.

The results below are those of the key \`${KEY}\` and the identity domain
\`${DOMAIN}\`, in a column that need not be unique.
`;

/** In a column that must stay unique. */
const APART: Readonly<Record<Distinctness, string>> = {
  bijection: "always",
  "collision-free": "always, but for a collision that is expected once in 10^15 values",
  lossy: "no",
};

/** \`docs/anonymizers.md\`, written from the anonymizers' own words, options and examples. */
export async function anonymizersPage(): Promise<string> {
  const contents = ANONYMIZERS.map(({ name, summary }) => `| [${name}](#${name}) | ${summary} |`);
  const sections: string[] = [];
  for (const anonymizer of ANONYMIZERS) sections.push(await section(anonymizer));
  return [
    INTRODUCTION,
    ["| Name | What it gives |", "|---|---|", ...contents, ""].join("\n"),
    ...sections,
  ].join("\n");
}

const columnOf = ({ example: { type } }: Anonymizer, isUnique: boolean): MaskedColumn =>
  columnOfType(type, { isUnique });

async function section(anonymizer: Anonymizer): Promise<string> {
  const { name, aliases = [], summary, accepts, isKeyed, example } = anonymizer;
  const options = anonymizer.options.parse(example.options);
  const apart = APART[anonymizer.distinctness(options, columnOf(anonymizer, true))];
  const known = aliases.length === 0 ? "" : ` In Confiture for Python: ${codes(aliases)}.`;
  return [
    `## ${name}`,
    "",
    `${summary}.${known}`,
    "",
    `- Types: ${accepts === "any" ? "any" : codes(accepts)}`,
    `- Depends on the key: ${isKeyed ? "yes" : "no"}`,
    `- Values that differ stay different in a unique column, with the options of the example: ${apart}`,
    "",
    ...optionsTable(anonymizer),
    "```yaml",
    stringify({ anonymizer: name, ...(example.options as object) }, { lineWidth: 110 }).trimEnd(),
    "```",
    "",
    await results(anonymizer, options),
    "",
  ].join("\n");
}

function optionsTable(anonymizer: Anonymizer): string[] {
  const schema = z.toJSONSchema(anonymizer.options, { io: "input" }) as KeySchema;
  return Object.keys(schema.properties ?? {}).length === 0 ? [] : [keyTable(schema)];
}

/** What the example becomes; the SQL of one that is evaluated at the source only. */
async function results(anonymizer: Anonymizer, options: object): Promise<string> {
  const column = columnOf(anonymizer, false);
  const { example, expression } = anonymizer;
  const rule = { anonymizer, options, domain: undefined };
  const identity = { key: masterKey(KEY), domain: DOMAIN };
  const masker = await columnMasker(rule, column, identity).catch((error: unknown) => {
    if (expression === undefined) throw error;
    return null;
  });
  if (masker === null) {
    const sql = await expression!(options, column, "surname");
    return `The source evaluates \`${sql.replaceAll("\n", " ")}\`.`;
  }
  const masked = masker(example.values);
  const rows = example.values.map(
    (value, i) => `| ${code(value)} | ${masked[i] === null ? "NULL" : code(masked[i]!)} |`,
  );
  return ["| Value | Becomes |", "|---|---|", ...rows].join("\n");
}

/** Text as code inside a table. */
function code(text: string): string {
  const fence = text.includes("`") ? "``" : "`";
  return `${fence}${text.replaceAll("|", "\\|")}${fence}`;
}

const codes = (words: readonly string[]): string => words.map(code).join(", ");
