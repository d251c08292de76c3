import { relation } from "../../sql/known-impact.ts";
import { type Node, nodesOf, textOf, unwrap } from "../../sql/node.ts";
import { columnEffects, partitionEffects } from "./create-table-effects.ts";
import { constraintEffects, sequenceEffects } from "./constraint-effects.ts";
import { numbersOf } from "./data-effects.ts";
import { readsOf } from "./mentions.ts";
import { type Effect, effect, objectOf, partEffects, partOf } from "./objects.ts";
import type { TouchedObject } from "./touch.ts";

type Reader = (table: TouchedObject, command: Node) => Effect[];

const ofColumn =
  (mode: Effect["mode"]): Reader =>
  (table, { name, def }) => [
    ...partEffects(mode, table, [partOf(table, "column", textOf(name) ?? "")]),
    ...readsOf(def),
  ];

const ofConstraint =
  (mode: Effect["mode"]): Reader =>
  (table, { name, def }) => {
    const constraint = textOf(name) ?? textOf(unwrap(def, "Constraint")?.["conname"]) ?? "*";
    const inSchema = { type: "constraint name", schema: table.schema, name: constraint, part: null };
    const own = partEffects(mode, table, [partOf(table, "constraint", constraint)]);
    return [...own, effect(mode === "drop" ? "drop" : "read", inSchema)];
  };

const ofPart =
  (type: string): Reader =>
  (table, { name }) =>
    partEffects("change shape", table, [partOf(table, type, textOf(name) ?? "*")]);

/** Parts of a table that its own attributes are, so that different ones are not in each other's way. */
const ofAttribute =
  (attribute: string): Reader =>
  (table, { def, name }) => [
    effect("read", table),
    effect("change shape", partOf(table, "attribute", attribute)),
    ...(name === undefined ? [] : [effect("read", { ...table, name: textOf(name) ?? "" })]),
    ...readsOf(def),
  ];

const changesColumn = ofColumn("change shape");

/** What an action of ALTER TABLE and the like does; any other changes the shape of the table as a whole. */
const ACTIONS: Readonly<Record<string, Reader>> = {
  AT_AddColumn: (table, { def }) => {
    const column = unwrap(def, "ColumnDef") ?? {};
    const own = partOf(table, "column", textOf(column["colname"]) ?? "");
    return [...partEffects("create", table, [own]), ...columnEffects(table, column), ...numbersOf(column)];
  },
  AT_AddConstraint: (table, { def }) => [
    effect("add child", table),
    ...constraintEffects(table, unwrap(def, "Constraint") ?? {}),
  ],
  AT_AddIdentity: (table, command) => [
    ...changesColumn(table, command),
    ...sequenceEffects(table, textOf(command["name"])),
  ],
  AT_AddInherit: joins,
  AT_AlterColumnType: changesColumn,
  AT_AlterConstraint: ofConstraint("change shape"),
  AT_AttachPartition: (table, { def }) => [
    ...partitionEffects(table),
    effect("write data", table), // the rows of the partition
    ...relation(unwrap(def, "PartitionCmd")?.["name"]).map((child) =>
      effect("change shape", objectOf(child)),
    ),
    ...readsOf(def),
  ],
  AT_ColumnDefault: changesColumn,
  AT_DisableRule: ofPart("rule"),
  AT_DisableTrig: ofPart("trigger"),
  AT_DisableTrigAll: ofPart("trigger"),
  AT_DisableTrigUser: ofPart("trigger"),
  AT_DropColumn: ofColumn("drop"),
  AT_DropConstraint: ofConstraint("drop"),
  AT_DropExpression: changesColumn,
  AT_DropIdentity: changesColumn,
  AT_DropInherit: joins,
  AT_DropNotNull: changesColumn,
  AT_EnableAlwaysRule: ofPart("rule"),
  AT_EnableAlwaysTrig: ofPart("trigger"),
  AT_EnableReplicaRule: ofPart("rule"),
  AT_EnableReplicaTrig: ofPart("trigger"),
  AT_EnableRule: ofPart("rule"),
  AT_EnableTrig: ofPart("trigger"),
  AT_EnableTrigAll: ofPart("trigger"),
  AT_EnableTrigUser: ofPart("trigger"),
  AT_DisableRowSecurity: ofAttribute("row security"),
  AT_EnableRowSecurity: ofAttribute("row security"),
  AT_ForceRowSecurity: ofAttribute("row security"),
  AT_NoForceRowSecurity: ofAttribute("row security"),
  AT_ResetOptions: changesColumn,
  AT_ResetRelOptions: ofAttribute("storage parameters"),
  AT_SetCompression: changesColumn,
  AT_SetExpression: changesColumn,
  AT_SetIdentity: changesColumn,
  AT_SetNotNull: (table, command) => [
    ...changesColumn(table, command),
    ...constraintEffects(table, { contype: "CONSTR_NOTNULL" }, textOf(command["name"])),
  ],
  AT_SetOptions: changesColumn,
  AT_SetRelOptions: ofAttribute("storage parameters"),
  AT_SetStatistics: changesColumn,
  AT_SetStorage: changesColumn,
  AT_ValidateConstraint: ofConstraint("change shape"),
};

/** Inheritance changes the shape of both. */
function joins(table: TouchedObject, { def }: Node): Effect[] {
  const parents = relation(unwrap(def, "RangeVar") ?? def).map(objectOf);
  return [effect("change shape", table), ...parents.map((parent) => effect("change shape", parent))];
}

/** What ALTER TABLE, INDEX, VIEW, SEQUENCE and TYPE do, action by action. */
export function alterTableEffects(table: TouchedObject, node: Node): Effect[][] {
  return nodesOf(node["cmds"]).map((wrapper) => {
    const command = unwrap(wrapper, "AlterTableCmd") ?? {};
    const reader = ACTIONS[textOf(command["subtype"]) ?? ""];
    return reader?.(table, command) ?? [effect("change shape", table), ...readsOf(command)];
  });
}
