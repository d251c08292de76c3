import { ConfitureError } from "../../base/errors.ts";
import { readNames } from "../../sql/name-path.ts";
import { ident } from "../../sql/tag.ts";
import { hasSchema } from "../footprint/objects.ts";
import type { TouchedObject } from "../footprint/touch.ts";

/** From the database down to an object, each as people write it: `database`, `schema app`, `app.users`, `app.users.email`. */
export type ObjectPath = readonly [string, ...string[]];

/** All that there is. */
const ROOT = "database";

/** Words for what PostgreSQL keeps in one name space. */
const RELATIONS: ReadonlySet<string> = new Set([
  "foreign table",
  "index",
  "materialized view",
  "relation",
  "sequence",
  "table",
  "view",
]);
const ROUTINES: ReadonlySet<string> = new Set(["aggregate", "function", "procedure", "routine"]);
const TYPES: ReadonlySet<string> = new Set(["domain", "type"]);
const IN_SCHEMA: ReadonlySet<string> = new Set([
  "collation",
  "conversion",
  "operator class",
  "operator family",
  "statistics",
  "text search object",
]);
const PARTS: ReadonlySet<string> = new Set(["column", "constraint", "policy", "rule", "trigger"]);

const HELP =
  "Write `public.users`, `public.users.email`, `function public.f`, `trigger public.users.t`, `schema app` or `database`.";

const unclear = (text: string, why: string): ConfitureError =>
  new ConfitureError("COORD_1022", `${text}: ${why}`, { actionable: HELP, details: { object: text } });

/** The object that somebody names. Throws COORD_1022. */
export async function readObject(text: string): Promise<ObjectPath> {
  const trimmed = text.trim();
  if (trimmed.toLowerCase() === ROOT) return [ROOT];
  const [, words, path] = /^(?:([a-z]+(?:\s+[a-z]+)*)\s+)?([^\s.][^]*)$/i.exec(trimmed) ?? [];
  const names = await readNames(path ?? "");
  if (names?.length !== 1) throw unclear(text, "is no name");
  const parts = names[0]!;
  const type = words?.toLowerCase().replace(/\s+/g, " ") ?? (parts.length === 3 ? "column" : "relation");
  const [first, second, third] = parts;
  if (type === "schema" || !hasSchema(type)) {
    if (parts.length !== 1) throw unclear(text, `a ${type} has a name of one part`);
    return pathOf({ type, schema: null, name: first!, part: null });
  }
  if (PARTS.has(type)) {
    if (parts.length !== 3) throw unclear(text, `a ${type} is named by schema, table and its own name`);
    return pathOf({ type: "relation", schema: first!, name: second!, part: { type, name: third! } });
  }
  const space = spaceOf(type);
  if (space === undefined) throw unclear(text, `${type} is nothing that can be claimed`);
  if (parts.length !== 2) throw unclear(text, "the schema is part of the name");
  return pathOf({ type: space, schema: first!, name: second!, part: null });
}

function spaceOf(type: string): string | undefined {
  if (RELATIONS.has(type)) return "relation";
  if (ROUTINES.has(type)) return "function";
  if (TYPES.has(type)) return "type";
  return IN_SCHEMA.has(type) ? type : undefined;
}

/** The path to an object; what any name may stand for is what it would be in. A routine is claimed with all its signatures. */
export function pathOf({ type, schema, name, part }: TouchedObject): ObjectPath {
  if (type === "schema") return name === "*" ? [ROOT] : [ROOT, `schema ${ident(name)}`];
  if (!hasSchema(type)) return [ROOT, `${type} ${ident(name)}`];
  if (schema === null) return [ROOT];
  const above = [ROOT, `schema ${ident(schema)}`] as const;
  if (name === "*") return [...above];
  const full = ident(schema, name);
  const whole = [...above, type === "relation" ? full : `${type} ${full}`] as const;
  if (part === null || part.name === "*" || type === "function") return [...whole];
  const member = ident(schema, name, part.name);
  return [...whole, part.type === "column" ? member : `${part.type} ${member}`];
}
