import type { Connection } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";
import { hasSchema, keyOf, wholeOf } from "../footprint/objects.ts";
import type { Footprint, Touch, TouchedObject } from "../footprint/touch.ts";
import { OPAQUE, READS } from "../intents/touched-names.ts";
import { pathOf } from "./claimed-object.ts";
import type { Wanted } from "./wanted.ts";

/** What an intent's own footprint is about: what is only read shared, all else exclusive. Without one, everything. */
export async function wantedOf(db: Connection, footprint: Footprint | null): Promise<Wanted[]> {
  const { touches } = footprint ?? OPAQUE;
  const own = touches.filter((touch) => !isIntention(touch, touches));
  const schemas = await schemasOf(db, own.map(({ object }) => object).filter(isUnplaced));
  const all = own.flatMap(({ object, mode }): Wanted[] => {
    if (object.schema === TOAST) return [];
    const isRead = READS.has(mode);
    const schema = object.schema ?? schemas.get(keyOf(wholeOf(object)));
    if (isRead && !isOfUsers(object, schema ?? null)) return [];
    const placed = isUnplaced(object)
      ? { ...object, schema: schema ?? schemas.get(CURRENT) ?? null }
      : object;
    return [{ path: pathOf(placed), mode: isRead ? "shared" : "exclusive" }];
  });
  return all.filter((one) => !all.some((other) => covers(other, one)));
}

/** Its tables come and go with those that they belong to. */
const TOAST = "pg_toast";

/** Whether a claim on something above makes another needless. */
const covers = (whole: Wanted, part: Wanted): boolean =>
  whole.path.length < part.path.length &&
  part.path.includes(whole.path.at(-1)!) &&
  (whole.mode === "exclusive" || part.mode === "shared");

/** That a schema is there, or a whole whose parts are what matters: the claims below hold it in intention mode. */
function isIntention({ object, mode, statement }: Touch, touches: readonly Touch[]): boolean {
  if (object.type === "schema") return mode === "read" || mode === "add child";
  if (object.part !== null || (mode !== "read" && mode !== "add child")) return false;
  const key = keyOf(object);
  return touches.some(
    (other) =>
      other.object.part !== null && other.statement === statement && keyOf(wholeOf(other.object)) === key,
  );
}

/** What the search path decides. */
const isUnplaced = ({ type, schema }: TouchedObject): boolean => schema === null && hasSchema(type);

/** What is only read and is not there under this name comes with PostgreSQL, or is made by the change itself. */
const isOfUsers = (object: TouchedObject, schema: string | null): boolean =>
  hasSchema(object.type)
    ? schema !== null && !["pg_catalog", "information_schema"].includes(schema)
    : object.type !== "language";

const CURRENT = "";

/** The schemas in which the search path finds objects, by their keys, and the one in which it makes new ones. */
async function schemasOf(db: Connection, objects: readonly TouchedObject[]): Promise<Map<string, string>> {
  if (objects.length === 0) return new Map();
  const wholes = objects.map((object) => ({
    key: keyOf(wholeOf(object)),
    type: object.type,
    name: object.name,
  }));
  const rows = await db.rows<{ key: string; schema: string | null }>(sql`
    select w.key, coalesce(
      (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where w.type = 'relation' and c.relname = w.name and pg_table_is_visible(c.oid)),
      (select n.nspname from pg_type t join pg_namespace n on n.oid = t.typnamespace
       where w.type = 'type' and t.typname = w.name and pg_type_is_visible(t.oid)),
      (select min(n.nspname) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where w.type = 'function' and p.proname = w.name and pg_function_is_visible(p.oid))) as schema
    from jsonb_to_recordset(${JSON.stringify(wholes)}) as w (key text, type text, name text)
    union all select ${CURRENT}, current_schema()`);
  return new Map(rows.flatMap(({ key, schema }) => (schema === null ? [] : [[key, schema] as const])));
}
