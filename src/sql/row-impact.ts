import { callsUnknown } from "./expression-facts.ts";
import type { Impact } from "./impact.ts";
import { known, relation, unknown } from "./known-impact.ts";
import { isNode, type Node, unwrap } from "./node.ts";

const ROWS = "ROW EXCLUSIVE";

/** A new relation from a query, which may take as long as what it reads is large. */
export function fromQuery(operation: string, query: unknown, into: unknown): readonly Impact[] {
  if (callsUnknown(query)) return unknown(operation);
  const isEmpty = isNode(into) && into["skipData"] === true;
  return known(operation, "additive", { work: isEmpty ? "catalog" : "scan" });
}

export function insert(node: Node): readonly Impact[] {
  if (callsUnknown(node) || node["withClause"] !== undefined) return unknown("INSERT");
  const query = unwrap(node["selectStmt"], "SelectStmt");
  const more = {
    on: relation(node["relation"]),
    lock: ROWS,
    work: query === undefined || query["valuesLists"] !== undefined ? "rows" : "scan",
  } as const;
  const conflict = node["onConflictClause"];
  return isNode(conflict) && conflict["action"] === "ONCONFLICT_UPDATE"
    ? known("INSERT ON CONFLICT DO UPDATE", "irreversible", { ...more, replica: "UNCLASSIFIED" })
    : known("INSERT", "additive", more);
}

/** Old values are gone; with code that cannot be looked into, or a second statement inside, nothing is known. */
export const changesRows = (operation: string, node: Node): readonly Impact[] =>
  callsUnknown(node) || node["withClause"] !== undefined
    ? unknown(operation)
    : known(operation, "irreversible", {
        on: relation(node["relation"]),
        lock: ROWS,
        work: "scan",
        replica: "UNCLASSIFIED",
      });
