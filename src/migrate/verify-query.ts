import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { isNode } from "../sql/node.ts";
import { parseScript } from "../sql/parse-script.ts";
import { decodeUtf8 } from "../sql/decode-utf8.ts";
import { type Sql, sql } from "../sql/tag.ts";
import { readBytes } from "./read-bytes.ts";

/** The one query of a `.verify.sql` file; throws VERIFY_001 for anything else. */
export async function readVerifyQuery(file: string): Promise<Sql> {
  const bytes = readBytes(file);
  const { statements } = await parseScript({ text: decodeUtf8(bytes, file), file }, "VERIFY_001").catch(
    (error: unknown) => {
      throw error instanceof ConfitureError
        ? new ConfitureError("VERIFY_001", error.message, error.context)
        : error;
    },
  );
  const [query, second] = statements;
  if (!query) throw notOneQuery(file, 1, "holds no statement");
  if (second) throw notOneQuery(file, second.position.line, "holds more than one statement");
  if (query.kind !== "SelectStmt" || writes(query.node)) {
    throw notOneQuery(file, query.position.line, "holds something else than a query that only reads");
  }
  return sql.raw(query.text);
}

const notOneQuery = (file: string, line: number, what: string) =>
  new ConfitureError("VERIFY_001", `${file} ${what}`, { file, line });

const WRITING: ReadonlySet<string> = new Set([
  "DeleteStmt",
  "InsertStmt",
  "MergeStmt",
  "UpdateStmt",
  "intoClause",
]);

/** A WITH may hold an INSERT; SELECT INTO makes a table. */
function writes(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(writes);
  return isNode(value) && Object.entries(value).some(([key, inner]) => WRITING.has(key) || writes(inner));
}

/** What a query answers: the first column of its first row, as PostgreSQL prints it. */
export interface Verdict {
  readonly passed: boolean;
  /** Null for NULL and for no row. */
  readonly value: string | null;
}

/** Ask inside the open transaction; whatever the query sets for itself is undone. Throws SQL_001. */
export async function askVerifyQuery(db: Connection, query: Sql): Promise<Verdict> {
  await db.run(sql`savepoint verify_check`);
  try {
    const [row] = await db.rows<{ value: string | null; category: string }>(firstColumn(query));
    if (row?.value == null) return { passed: false, value: null };
    return { passed: isTruthy(row.value, row.category), value: row.value };
  } finally {
    if (db.isOpen) await db.run(sql`rollback to savepoint verify_check; release savepoint verify_check`);
  }
}

/** The column gets a name that no other column of the query can have by accident. */
const firstColumn = (query: Sql): Sql => sql`
  select confiture_verified::pg_catalog.text as value,
    (select typcategory from pg_catalog.pg_type where oid = pg_catalog.pg_typeof(confiture_verified)) as category
  from (
${query}
  ) as verify_check (confiture_verified)
  limit 1`;

const TRUTHY: ReadonlySet<string> = new Set(["true", "t", "yes", "1"]);

/** True, a number other than zero (type category N), or a word for yes. */
function isTruthy(text: string, category: string): boolean {
  const number = category === "N" ? Number(text) : 0;
  return TRUTHY.has(text.trim().toLowerCase()) || (number !== 0 && !Number.isNaN(number));
}
