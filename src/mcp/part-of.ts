import { ConfitureError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { outermostIn } from "../diff/whole.ts";
import { KINDS } from "../schema/kinds/index.ts";
import type { Row } from "../schema/snapshot.ts";
import type { DatabaseDescription } from "../workflows/describe-database.ts";

/** Of an answer as JSON: what a model can read without losing sight of the rest. */
const MAX_CHARACTERS = 60_000;

/**
 * The part of a description that a name means: a schema, else whatever bears it in one, with all that belongs to it; cut
 * to a size, which its hints then say. Throws CONFIG_008 for a name that nothing bears.
 */
export function partOf(description: DatabaseDescription, name: string): DatabaseDescription {
  const isMeant = meaningOf(description, name);
  const tables = description.tables.filter((table) => isMeant(table.schema, table.name));
  const objects = objectsOf(description, isMeant);
  const schemas = [
    ...new Set(Object.values(objects).flatMap((rows) => rows.flatMap(({ schema }) => wordOf(schema)))),
  ];
  const part = {
    ...description,
    tables,
    objects,
    schemas,
    schema: schemas.length === 1 ? schemas[0]! : null,
    hints: [],
  };
  return fitted(part);
}

type IsMeant = (schema: unknown, name: unknown) => boolean;

function meaningOf(description: DatabaseDescription, word: string): IsMeant {
  const known = Object.values(description.objects).flatMap((rows) => rows.map(namesOf));
  const schemas = new Set(known.flatMap(([schema]) => wordOf(schema)));
  if (schemas.has(word)) return (schema) => schema === word;
  const [schema, ...rest] = word.split(".");
  const qualified = rest.length === 0 ? undefined : rest.join(".");
  const isMeant: IsMeant = (inSchema, called) =>
    called === word || (qualified !== undefined && inSchema === schema && called === qualified);
  if (known.some(([inSchema, called]) => isMeant(inSchema, called))) return isMeant;
  const near = nearest(word, [...schemas, ...known.flatMap(([, called]) => wordOf(called))]);
  if (word === "public") return () => false;
  throw new ConfitureError("CONFIG_008", `nothing in ${description.database} is called ${word}`, {
    details: { schemas: [...schemas] },
    actionable: near === undefined ? "Name one of the schemas in details." : `Did you mean ${near}?`,
  });
}

const namesOf = (row: Row): readonly [schema: unknown, name: unknown] => [row["schema"], row["name"]];

const wordOf = (value: unknown): string[] => (typeof value === "string" ? [value] : []);

/** What bears the name, and what is part of that. */
function objectsOf(description: DatabaseDescription, isMeant: IsMeant): DatabaseDescription["objects"] {
  const all = KINDS.flatMap((kind) => (description.objects[kind.name] ?? []).map((row) => ({ kind, row })));
  const idOf = ({ kind, row }: (typeof all)[number]) => `${kind.name} ${kind.label(row)}`;
  const named = new Set(all.filter(({ row }) => isMeant(...namesOf(row))).map(idOf));
  const outermost = outermostIn(description);
  const kept: Record<string, Row[]> = {};
  for (const one of all) {
    const whole = outermost(one.kind, one.row);
    if (named.has(idOf(one)) || (whole !== null && named.has(whole)))
      (kept[one.kind.name] ??= []).push(one.row);
  }
  return kept;
}

function fitted(part: DatabaseDescription): DatabaseDescription {
  const size = (value: unknown) => JSON.stringify(value).length;
  if (size(part) <= MAX_CHARACTERS) return part;
  const count = Object.values(part.objects).flat().length;
  const outline = {
    ...part,
    objects: {},
    hints: [`Too much for one answer: ${count} object(s) are left out. Name one table to have its own.`],
  };
  let [left, shown] = [MAX_CHARACTERS - size({ ...outline, tables: [] }), 0];
  for (const table of part.tables) {
    left -= size(table) + 1;
    if (left < 0) break;
    shown++;
  }
  const rest = part.tables.slice(shown).map(({ schema, name }) => `${schema}.${name}`);
  if (rest.length === 0) return outline;
  const names = `${rest.slice(0, 100).join(", ")}${rest.length > 100 ? ", …" : ""}`;
  const hint = `${rest.length} table(s) are left out as well: ${names}`;
  return { ...outline, tables: part.tables.slice(0, shown), hints: [...outline.hints, hint] };
}
