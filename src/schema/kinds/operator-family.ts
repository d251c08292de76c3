import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { functionItem, members, membersOf, neededByMembers, operatorItem } from "../operator-members.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  method: z.string(),
  ...members,
});
type OperatorFamily = z.infer<typeof row>;

const label = (f: OperatorFamily) => `${ident(f.schema, f.name)} using ${ident(f.method)}`;

const change = (f: OperatorFamily, action: "add" | "drop", items: readonly string[]) =>
  items.length === 0 ? [] : [`alter operator family ${label(f)} ${action} ${items.join(", ")}`];

/** Takes the members away that are not in `to`, and adds those that were not in `from`. */
function exchange<Member>(
  f: OperatorFamily,
  [to, from]: readonly [readonly Member[], readonly Member[]],
  item: Readonly<Record<"add" | "drop", (member: Member) => string>>,
): string[] {
  const missingIn = (side: readonly Member[]) => {
    const present = new Set(side.map(item.add));
    return (member: Member) => !present.has(item.add(member));
  };
  return [
    ...change(f, "drop", from.filter(missingIn(to)).map(item.drop)),
    ...change(f, "add", to.filter(missingIn(from)).map(item.add)),
  ];
}

/** With the members that belong to none of its classes, which since PostgreSQL 14 are some of CREATE OPERATOR CLASS. */
export const operatorFamily: Kind<OperatorFamily> = defineKind({
  name: "operator-family",
  folder: "operators",
  catalog: "pg_opfamily",
  key: ["schema", "name", "method"],
  label,
  row,
  query: () => sql`
    select f.oid, n.nspname as schema, f.opfname as name, a.amname as method,
      ${membersOf("pg_opfamily", "f.oid", "f.oid")}
    from pg_opfamily f join pg_namespace n on n.oid = f.opfnamespace join pg_am a on a.oid = f.opfmethod
    where ${userSchema} and ${standsAlone("pg_opfamily", "f")}`,
  create: (f) => [
    `create operator family ${label(f)}`,
    ...change(f, "add", [...f.operators.map(operatorItem), ...f.functions.map(functionItem)]),
  ],
  drop: (f) => `drop operator family ${label(f)}`,
  alter: {
    operators: (to, from) =>
      exchange(to, [to.operators, from.operators], {
        add: operatorItem,
        drop: (m) => `operator ${m.strategy} (${m.types})`,
      }),
    functions: (to, from) =>
      exchange(to, [to.functions, from.functions], {
        add: functionItem,
        drop: (m) => `function ${m.support} (${m.types})`,
      }),
  },
  needs: (f) => neededByMembers(f),
});
