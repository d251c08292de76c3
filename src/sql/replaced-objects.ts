import { isNode, type Node, namePartsOf, nodesOf, nodesOfKind, textOf, unwrap } from "./node.ts";
import { relationParts } from "./object-name.ts";
import type { Statement } from "./script.ts";
import { ident } from "./tag.ts";

/** A view or routine that a statement replaces or drops. */
export interface Replaced {
  readonly isRoutine: boolean;
  readonly isDropped: boolean;
  /** Schema, if it is written, and name. */
  readonly parts: readonly string[];
  /** Types of the arguments as SQL; undefined where the statement does not say them, or not by name. */
  readonly args?: readonly string[] | undefined;
}

const VIEWS: ReadonlySet<unknown> = new Set(["OBJECT_MATVIEW", "OBJECT_VIEW"]);
const ROUTINES: ReadonlySet<unknown> = new Set(["OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE"]);

/** Views, functions and procedures of CREATE OR REPLACE and DROP: others may be built on their present form. */
export function replacedBy({ kind, node }: Statement): readonly Replaced[] {
  const fields = node as Node;
  if (kind === "DropStmt") return nodesOf(fields["objects"]).flatMap((object) => dropped(fields, object));
  if (fields["replace"] !== true) return [];
  if (kind === "ViewStmt") {
    const parts = relationParts(fields["view"]).filter((part) => part !== undefined);
    return [{ isRoutine: false, isDropped: false, parts }];
  }
  if (kind !== "CreateFunctionStmt") return [];
  const args = typesOf(nodesOfKind(fields["parameters"], "FunctionParameter").filter(isInput));
  return [{ isRoutine: true, isDropped: false, parts: namePartsOf(fields["funcname"]), args }];
}

function dropped({ removeType }: Node, object: Node): readonly Replaced[] {
  if (VIEWS.has(removeType)) return [{ isRoutine: false, isDropped: true, parts: namePartsOf(object) }];
  if (!ROUTINES.has(removeType)) return [];
  const named = unwrap(object, "ObjectWithArgs") ?? {};
  const types = nodesOfKind(named["objargs"], "TypeName").map((argType) => ({ argType }));
  const args = named["args_unspecified"] === true ? undefined : typesOf(types);
  return [{ isRoutine: true, isDropped: true, parts: namePartsOf(named["objname"]), args }];
}

const isInput = ({ mode }: Node): boolean => mode !== "FUNC_PARAM_OUT" && mode !== "FUNC_PARAM_TABLE";

/** `%TYPE` names a column, which only a database can look up. */
function typesOf(parameters: readonly Node[]): readonly string[] | undefined {
  const types = parameters.map(({ argType }) => (isNode(argType) ? argType : {}));
  if (types.some((type) => type["pct_type"] === true)) return undefined;
  return types.map((type) => {
    const names = nodesOf(type["names"]).map((part) => textOf(unwrap(part, "String")?.["sval"]) ?? "");
    return `${ident(...names)}${nodesOf(type["arrayBounds"]).length > 0 ? "[]" : ""}`;
  });
}
