import { sha256 } from "../../base/hash.ts";
import { type Node, namePartsOf, nodesOfKind } from "../../sql/node.ts";
import { loadParser, meaningOf } from "../../sql/parse.ts";
import type { Script, Statement } from "../../sql/script.ts";
import { statementImpacts } from "../../sql/statement-impact.ts";
import type { Catalog } from "./catalog.ts";
import { hasSchema, keyOf, PARTITION_INDEX, wholeOf } from "./objects.ts";
import { statementEffects } from "./statement-effects.ts";
import type { Footprint, Touch } from "./touch.ts";
import { widen, type Widened } from "./widen.ts";

/**
 * All that scripts touch, in order. With a catalog, names are resolved and what depends on what is followed; without
 * one, a name may stand for that of any schema, and only what the SQL itself says is known.
 */
export async function footprintOf(scripts: readonly Script[], catalog: Catalog | null): Promise<Footprint> {
  await loadParser();
  const statements = scripts.flatMap(({ source, statements: all }) =>
    all.map((statement) => ({ statement, file: source.file ?? null })),
  );
  const reader = reading(catalog);
  const touches = statements.flatMap(({ statement }, i) =>
    reader(statement).map((one): Touch => ({ ...one, statement: i })),
  );
  return {
    statements: statements.map(({ statement, file }) => describe(statement, file)),
    touches,
  };
}

/** Reads statements in order: later ones stand on what earlier ones made, and look names up where those say. */
function reading(catalog: Catalog | null): (statement: Statement) => Widened[] {
  const made = new Set<string>();
  const isMade = (object: Touch["object"]) => made.has(keyOf(object)) || made.has(keyOf(wholeOf(object)));
  let searchPath = catalog?.searchPath ?? [];
  return (statement) => {
    searchPath = searchPathOf(statement) ?? searchPath;
    const effects = statementEffects(statement);
    const named: Widened[] =
      catalog === null ? effects.map((one) => ({ ...one, via: null })) : widen(effects, catalog, searchPath);
    const all = [...named, ...named.flatMap(({ object, via }) => schemaOf(object, via))];
    const distinct = new Map(all.map((one) => [`${one.mode} ${keyOf(one.object)}`, one]));
    const found = [...distinct.values()].filter(
      ({ object, mode }) => object.part?.type !== PARTITION_INDEX && !(mode === "read" && isMade(object)),
    );
    for (const { mode, object } of found) if (mode === "create") made.add(keyOf(object));
    return found;
  };
}

/** What SET search_path says; none for another statement. */
function searchPathOf({ kind, node }: Statement): readonly string[] | undefined {
  const { name, args } = node as Node;
  if (kind !== "VariableSetStmt" || name !== "search_path") return undefined;
  return nodesOfKind(args, "A_Const").flatMap(({ sval }) => namePartsOf(sval));
}

/** That a schema is there is taken for granted by all that names something in it. */
const schemaOf = ({ type, schema }: Touch["object"], via: string | null): Widened[] =>
  schema === null || !hasSchema(type)
    ? []
    : [{ object: { type: "schema", schema: null, name: schema, part: null }, mode: "read", via }];

function describe(statement: Statement, file: string | null): Footprint["statements"][number] {
  const impacts = statementImpacts(statement);
  return {
    file,
    line: statement.position.line,
    operation: impacts.map(({ operation }) => operation).join(", "),
    meaning: sha256(meaningOf(statement.text) ?? statement.text),
    locks: impacts.flatMap(({ locks, work }) =>
      locks.map(([object, lock]) => ({
        schema: object.schema ?? null,
        name: object.name,
        lock,
        work: work ?? null,
      })),
    ),
  };
}
