import { cutForeignKeys } from "../sql/foreign-keys.ts";
import { parseScript } from "../sql/parse-script.ts";
import type { SchemaSource } from "./sources.ts";

/** The same sources with every table's foreign keys in a source of their own at the end. */
export async function moveForeignKeysLast(sources: readonly SchemaSource[]): Promise<SchemaSource[]> {
  const keys: string[] = [];
  const tables: SchemaSource[] = [];
  for (const source of sources) {
    const { statements } = await parseScript(source, "SCHEMA_200");
    const ownKeys: string[] = [];
    let text = source.text;
    for (const statement of statements.toReversed().filter((s) => s.kind === "CreateStmt")) {
      const cut = await cutForeignKeys(statement);
      if (cut.foreignKeys.length === 0) continue;
      text =
        text.slice(0, statement.start) +
        cut.withoutForeignKeys +
        text.slice(statement.start + statement.text.length);
      ownKeys.unshift(...cut.foreignKeys.map((key) => `${key};\n`));
    }
    keys.push(...ownKeys);
    tables.push({ ...source, text });
  }
  return keys.length === 0
    ? tables
    : [...tables, { file: "foreign keys (second pass)", text: keys.join("") }];
}
