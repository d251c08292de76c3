import { ConfitureError } from "../../base/errors.ts";
import { isNode, type Node, namePartsOf, nodesOf, nodesOfKind, optionsOf } from "../../sql/node.ts";
import { named } from "../../sql/object-name.ts";
import { parseTrees } from "../../sql/parse.ts";
import { plpgsqlQueries } from "../../sql/plpgsql.ts";
import { readsOf } from "./mentions.ts";
import { type Effect, effect, objectOf, opaque, partOf } from "./objects.ts";
import type { ParsedStatement, Reading } from "./reading.ts";

/** Functions and procedures, told apart by the types of their arguments as far as those are PostgreSQL's own. */
export function routineEffects(node: Node, reading: Reading): Effect[] {
  const isNew = reading.kind === "CreateFunctionStmt";
  const routine = isNode(node["func"]) ? node["func"] : {};
  const [name] = named("function", namePartsOf(isNew ? node["funcname"] : routine["objname"]));
  if (name === undefined) return [opaque(null)];
  const object = objectOf(name);
  const own = partOf(
    object,
    "signature",
    signatureOf(isNew ? inputTypes(node) : nodesOf(routine["objargs"])),
  );
  const isChange = !isNew || node["replace"] === true;
  return [
    effect("add child", object),
    ...(isNew ? [effect("create", own)] : []),
    ...(isChange ? [effect("change shape", own)] : []),
    ...readsOf(node, [name]),
    ...bodyReads(node, reading),
  ];
}

const inputTypes = (node: Node): Node[] =>
  nodesOfKind(node["parameters"], "FunctionParameter")
    .filter(({ mode }) => mode !== "FUNC_PARAM_OUT" && mode !== "FUNC_PARAM_TABLE")
    .flatMap(({ argType }) => (isNode(argType) ? [{ TypeName: argType }] : []));

/** `*`, which is every signature, where types are not PostgreSQL's own: their names may mean the same. */
export function signatureOf(types: readonly Node[]): string {
  const names = nodesOfKind(types, "TypeName").map((type) => {
    const parts = namePartsOf(type["names"]);
    const array = nodesOf(type["arrayBounds"]).length > 0 ? "[]" : "";
    const isOwn = parts[0] === "pg_catalog" && type["setof"] !== true && type["pct_type"] !== true;
    return isOwn ? `${parts.at(-1)}${array}` : null;
  });
  return names.includes(null) ? "*" : names.join(",");
}

/** The body is checked, or will be run, against what it names. */
function bodyReads(node: Node, { text, effectsOf }: Reading): Effect[] {
  const body = bodyOf(node, text);
  if (body === null) return [];
  const inside = body.flatMap((statement) => effectsOf(statement));
  return inside.map(({ object, mode }) => effect(mode === "opaque" ? mode : "read", object));
}

/** A block runs at once. */
export function blockEffects(node: Node, { text, effectsOf }: Reading): Effect[] {
  const body = bodyOf(node, text);
  return body === null ? [opaque(null)] : body.flatMap((statement) => effectsOf(statement));
}

type Body = readonly Omit<ParsedStatement, "text">[];

/** Statements of a body; null when it is compiled code, an error that it cannot be looked into gives an unknown one. */
function bodyOf(node: Node, statement?: string): Body | null {
  const options = optionsOf(node["options"] ?? node["args"]);
  const [text] = namePartsOf(options.get("as")?.["arg"]);
  const fallback = node["args"] === undefined ? "sql" : "plpgsql";
  const [language = fallback] = namePartsOf(options.get("language")?.["arg"]);
  if (text === undefined || language === "c" || language === "internal") return null;
  return statementsOf({ body: text, language, statement });
}

const UNKNOWN: Body = [{ kind: "unknown", node: {} }];

/** Needs `loadParser`, and for PL/pgSQL the whole statement, which has the arguments. */
function statementsOf({ body, language, statement }: Code): Body {
  try {
    if (language === "sql") return parseTrees({ text: body }, "SQL_001");
    const queries = language === "plpgsql" && statement !== undefined ? plpgsqlQueries(statement) : null;
    return queries === null ? UNKNOWN : queries.flatMap((query) => parseTrees({ text: query }, "SQL_001"));
  } catch (error) {
    if (error instanceof ConfitureError) return UNKNOWN;
    throw error;
  }
}

interface Code {
  readonly body: string;
  readonly language: string;
  /** The CREATE FUNCTION or DO around it. */
  readonly statement?: string | undefined;
}

/** What the body of a routine of the catalog runs, as pg_get_functiondef gives it. */
export function statementsOfRoutine(definition: string): Body {
  const [tree] = parseTrees({ text: definition }, "SQL_001");
  return tree === undefined ? UNKNOWN : (bodyOf(tree.node as Node, definition) ?? []);
}
