import { ConfitureError } from "../base/errors.ts";
import { definedBy, droppedBy } from "./definitions.ts";
import { type ObjectName, named, objectKey } from "./object-name.ts";
import { type Node, namePartsOf, optionsOf } from "./node.ts";
import { DEFINITIONS, DROPS, OTHER_KINDS } from "./object-types.ts";
import { isParserLoaded, parseTrees } from "./parse.ts";
import { referencesIn } from "./references.ts";
import type { Statement } from "./script.ts";
import { type TransactionFacts, transactionFacts } from "./transaction-facts.ts";

export type { ObjectName } from "./object-name.ts";

/** What a statement's tree tells before it runs; a hint, as the server stays the judge of names. */
export interface StatementFacts extends TransactionFacts, ObjectFacts {
  /** False for a kind of statement this version does not know: its facts are not complete. */
  readonly known: boolean;
}

interface ObjectFacts {
  readonly defines: readonly ObjectName[];
  readonly drops: readonly ObjectName[];
  /** Everything else it names, built-in types and functions included unless they are written with `pg_catalog`. */
  readonly uses: readonly ObjectName[];
  /** It holds code that is not looked into, such as a PL/pgSQL body. */
  readonly opaque: boolean;
}

const FACTS = new WeakMap<object, StatementFacts>();

/** Facts of a statement; computed once per tree, what it names only when asked for. */
export function statementFacts({ kind, node }: Statement): StatementFacts {
  const cached = FACTS.get(node);
  if (cached) return cached;
  const known = kind in DEFINITIONS || kind in DROPS || OTHER_KINDS.has(kind);
  let objects: ObjectFacts | undefined;
  const read = () => (objects ??= objectFacts(kind, node as Node));
  const facts: StatementFacts = {
    known,
    ...transactionFacts(kind, node as Node, known),
    get defines() {
      return read().defines;
    },
    get drops() {
      return read().drops;
    },
    get uses() {
      return read().uses;
    },
    get opaque() {
      return read().opaque;
    },
  };
  FACTS.set(node, facts);
  return facts;
}

function objectFacts(kind: string, node: Node): ObjectFacts {
  const defines = distinct(definedBy(kind, node));
  const drops = distinct(droppedBy(kind, node));
  const body = bodyFacts(kind, node);
  const own = new Set([...defines, ...drops].map(objectKey));
  const others = [...setRole(kind, node), ...referencesIn(node), ...body.uses].filter(
    (o) => !own.has(objectKey(o)),
  );
  const schemas = [...defines, ...drops, ...others].flatMap(({ schema }) =>
    named("schema", schema ? [schema] : []),
  );
  const uses = distinct([...others, ...schemas.filter((schema) => !own.has(objectKey(schema)))]);
  return { defines, drops, uses: uses.filter((object) => !isBuiltIn(object)), opaque: body.opaque };
}

const isBuiltIn = ({ type, schema, name }: ObjectName): boolean => {
  const space = type === "schema" ? name : schema;
  return space === "pg_catalog" || space === "information_schema";
};

function distinct(objects: readonly ObjectName[]): readonly ObjectName[] {
  return [...new Map(objects.map((object) => [objectKey(object), object])).values()];
}

/** SET ROLE and SET SESSION AUTHORIZATION name a role as a plain text. */
function setRole(kind: string, { name, args }: Node): readonly ObjectName[] {
  if (kind !== "VariableSetStmt" || (name !== "role" && name !== "session_authorization")) return [];
  return named("role", constantTexts(args));
}

const constantTexts = (args: unknown): readonly string[] =>
  Array.isArray(args) ? args.flatMap((arg) => namePartsOf(arg?.A_Const?.sval?.sval)) : [];

/** Languages whose functions hold a symbol, no code. */
const COMPILED: ReadonlySet<string> = new Set(["c", "internal"]);

/** What the quoted body of a function or DO names; a body in anything but SQL is opaque. */
function bodyFacts(kind: string, node: Node): { uses: readonly ObjectName[]; opaque: boolean } {
  if (kind !== "CreateFunctionStmt" && kind !== "DoStmt") return { uses: [], opaque: false };
  const options = optionsOf(node["options"] ?? node["args"]);
  const [text] = namePartsOf(options.get("as")?.["arg"]);
  const [language = kind === "DoStmt" ? "plpgsql" : "sql"] = namePartsOf(options.get("language")?.["arg"]);
  if (text === undefined || COMPILED.has(language)) return { uses: [], opaque: false };
  if (language !== "sql" || !isParserLoaded()) return { uses: [], opaque: true };
  try {
    const trees = parseTrees({ text }, "SQL_001");
    const defined = new Set(trees.flatMap((tree) => definedBy(tree.kind, tree.node as Node)).map(objectKey));
    const uses = trees.flatMap((tree) => referencesIn(tree.node)).filter((o) => !defined.has(objectKey(o)));
    return { uses, opaque: false };
  } catch (error) {
    if (error instanceof ConfitureError) return { uses: [], opaque: true };
    throw error;
  }
}
