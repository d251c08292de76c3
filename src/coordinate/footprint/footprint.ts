import { sha256 } from "../../base/hash.ts";
import { type Node, namePartsOf, nodesOfKind } from "../../sql/node.ts";
import { loadParser, meaningOf } from "../../sql/parse.ts";
import type { Script, Statement } from "../../sql/script.ts";
import { statementImpacts } from "../../sql/statement-impact.ts";
import type { Catalog } from "./catalog.ts";
import { type Effect, effect, hasSchema, keyOf, PARTITION_INDEX, wholeOf } from "./objects.ts";
import { statementEffects } from "./statement-effects.ts";
import type { Footprint, Touch, TouchedObject } from "./touch.ts";
import { resolve, widen, type Widened } from "./widen.ts";

/**
 * All that scripts touch, in order. With a catalog, names are resolved and what depends on what is followed; without
 * one, a name may stand for that of any schema, and only what the SQL itself says is known.
 */
export async function footprintOf(scripts: readonly Script[], catalog: Catalog | null): Promise<Footprint> {
  await loadParser();
  const reader = reading(catalog);
  const read = scripts.flatMap(({ source, statements }) =>
    statements.map((statement) => reader(statement, source.file ?? null)),
  );
  return {
    statements: read.map(({ described }) => described),
    touches: read.flatMap(({ touches }, i) => touches.map((one): Touch => ({ ...one, statement: i }))),
  };
}

type Described = Footprint["statements"][number];

/** Finds an object by the search path of a statement. */
type Place = (one: Effect) => TouchedObject;

/** Reads statements in order: later ones stand on what earlier ones made, and look names up where those say. */
function reading(catalog: Catalog | null) {
  const made = new Set<string>();
  const isMade = (object: TouchedObject) => made.has(keyOf(object)) || made.has(keyOf(wholeOf(object)));
  let searchPath = catalog?.searchPath ?? [];
  return (statement: Statement, file: string | null): { described: Described; touches: Widened[] } => {
    searchPath = searchPathOf(statement) ?? searchPath;
    const effects = statementEffects(statement);
    const named: Widened[] =
      catalog === null ? effects.map((one) => ({ ...one, via: null })) : widen(effects, catalog, searchPath);
    const all = [...named, ...named.flatMap(({ object, via }) => schemaOf(object, via))];
    const distinct = new Map(all.map((one) => [`${one.mode} ${keyOf(one.object)}`, one]));
    const touches = [...distinct.values()].filter(
      ({ object, mode }) => object.part?.type !== PARTITION_INDEX && !(mode === "read" && isMade(object)),
    );
    for (const { mode, object } of touches) if (mode === "create") made.add(keyOf(object));
    const place: Place = (one) => (catalog === null ? one.object : resolve(one, catalog, searchPath));
    return { described: describe(statement, file, place), touches };
  };
}

/** What SET search_path says; none for another statement. */
function searchPathOf({ kind, node }: Statement): readonly string[] | undefined {
  const { name, args } = node as Node;
  if (kind !== "VariableSetStmt" || name !== "search_path") return undefined;
  return nodesOfKind(args, "A_Const").flatMap(({ sval }) => namePartsOf(sval));
}

/** That a schema is there is taken for granted by all that names something in it. */
const schemaOf = ({ type, schema }: TouchedObject, via: string | null): Widened[] =>
  schema === null || !hasSchema(type)
    ? []
    : [{ object: { type: "schema", schema: null, name: schema, part: null }, mode: "read", via }];

function describe(statement: Statement, file: string | null, place: Place): Described {
  const impacts = statementImpacts(statement);
  return {
    file,
    line: statement.position.line,
    operation: impacts.map(({ operation }) => operation).join(", "),
    meaning: sha256(meaningOf(statement.text) ?? statement.text),
    locks: impacts.flatMap(({ locks, work }) =>
      locks.map(([{ name, schema = null }, lock]) => ({
        schema: place(effect("read", { type: "relation", schema, name, part: null })).schema,
        name,
        lock,
        work: work ?? null,
      })),
    ),
  };
}
