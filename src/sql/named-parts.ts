import { isNode, type Node, namePartsOf, nodesOf, textOf } from "./node.ts";
import { relationParts } from "./object-name.ts";
import { tokensOf } from "./parse.ts";
import { locate, type Statement } from "./script.ts";

/** A part that a statement makes, and where in the source it begins. */
export interface NamedPart {
  readonly type: "attribute" | "column" | "constraint" | "label";
  readonly schema: string | undefined;
  /** That of what it is a part of first. */
  readonly names: readonly [whole: string, name: string];
  readonly start: number;
}

/** Columns, named constraints, attributes and labels that a statement makes with what they are parts of, or adds to it. */
export function namedParts(statement: Statement): NamedPart[] {
  const node = statement.node as Node;
  switch (statement.kind) {
    case "AlterDomainStmt":
      return elementsOf(statement, namePartsOf(node["typeName"]), nodesOf([node["def"]]));
    case "CompositeTypeStmt":
      return elementsOf(statement, relationParts(node["typevar"]), nodesOf(node["coldeflist"]), "attribute");
    case "CreateDomainStmt":
      return elementsOf(statement, namePartsOf(node["domainname"]), nodesOf(node["constraints"]));
    case "CreateEnumStmt":
      return labelsOf(statement, namePartsOf(node["typeName"]), namePartsOf(node["vals"]));
    default: {
      const elements = [
        ...nodesOf(node["tableElts"]),
        ...nodesOf(node["cmds"]).flatMap(({ AlterTableCmd: command }) =>
          isNode(command) && isNode(command["def"]) ? [command["def"]] : [],
        ),
      ];
      const ofColumns = node["objtype"] === "OBJECT_TYPE" ? "attribute" : "column";
      return elementsOf(statement, relationParts(node["relation"]), elements, ofColumns);
    }
  }
}

type Path = readonly (string | undefined)[];

function elementsOf(
  statement: Statement,
  path: Path,
  elements: readonly Node[],
  ofColumns: "attribute" | "column" = "column",
): NamedPart[] {
  const [whole, schema] = [path.at(-1), path.at(-2)];
  if (whole === undefined) return [];
  return elements.flatMap((element): NamedPart[] => {
    const [kind, inner] = Object.entries(element)[0] ?? [];
    if (!isNode(inner) || (kind !== "ColumnDef" && kind !== "Constraint")) return [];
    const type = kind === "ColumnDef" ? ofColumns : "constraint";
    const name = textOf(inner[type === "constraint" ? "conname" : "colname"]);
    const location = inner["location"];
    if (name === undefined || typeof location !== "number") return [];
    return [{ type, schema, names: [whole, name], start: statement.start + locate(statement, location) }];
  });
}

/** The tree does not say where they stand: they are all that is written in the parentheses. */
function labelsOf({ text, start }: Statement, path: Path, labels: readonly string[]): NamedPart[] {
  const [whole, schema] = [path.at(-1)!, path.at(-2)];
  const tokens = tokensOf(text);
  const within = tokens.slice(tokens.findIndex((token) => token.text === "(") + 1);
  const written = within.filter((token) => !/^(?:[,()]$|--|\/\*)/.test(token.text));
  if (written.length !== labels.length) return [];
  return labels.map((name, i) => ({
    type: "label",
    schema,
    names: [whole, name],
    start: start + written[i]!.start,
  }));
}
