import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";

/** How values of one type become values of another: by themselves in an assignment, by a cast, through text. */
type CastContext = "assignment" | "explicit" | "text";

/** Types as format_type prints them without a modifier. */
export type Casts = (from: string, to: string) => CastContext;

/** String types: PostgreSQL assigns a value of any type to them, and casts them explicitly to any. */
const STRINGS: ReadonlySet<string> = new Set(["text", "character varying", "character"]);

/**
 * Which casts the database has. PostgreSQL's manual, "CREATE CAST": an assignment to a string type may go through
 * text by itself, one from a string type needs a cast; a domain casts as its base type.
 */
export async function readCasts(db: Connection): Promise<Casts> {
  const rows = await db.rows<{ from: string; to: string; context: string }>(sql`
    select format_type(castsource, null) as from, format_type(casttarget, null) as to, castcontext::text as context
    from pg_cast where castsource <> casttarget`);
  const contexts = new Map(rows.map(({ from, to, context }) => [`${from}>${to}`, context]));
  const scalar = (from: string, to: string): CastContext => {
    if (from === to) return "assignment";
    const context = contexts.get(`${from}>${to}`);
    if (context !== undefined) return context === "e" ? "explicit" : "assignment";
    return STRINGS.has(to) ? "assignment" : STRINGS.has(from) ? "explicit" : "text";
  };
  return (from, to) => {
    const isArray = from.endsWith("[]") && to.endsWith("[]");
    return isArray ? scalar(from.slice(0, -2), to.slice(0, -2)) : scalar(from, to);
  };
}
