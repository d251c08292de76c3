import type { Connection } from "../pg/connection.ts";
import { isNode, type Node, namePartsOf, nodesOfKind, unwrap } from "../sql/node.ts";
import { relationParts } from "../sql/object-name.ts";
import type { Statement } from "../sql/script.ts";
import { ident, sql } from "../sql/tag.ts";
import { clearInvalidIndex, concurrentIndex } from "./concurrent-index.ts";

/**
 * What became of a statement that was under way outside a transaction when an earlier run was cut off, as far as
 * the catalogs tell: "done", "not done", or "unknown" for what leaves no trace that can be told from others.
 * Half-done work is cleared away or finished. VACUUM and the like may simply run again and count as "not done".
 */
export async function outcomeOf(
  db: Connection,
  statement: Statement,
): Promise<"done" | "not done" | "unknown"> {
  const index = concurrentIndex(statement);
  if (index) return (await clearInvalidIndex(db, index)) ? "done" : "not done";
  if (statement.kind === "DropStmt") return (await dropsNothing(db, statement)) ? "done" : "not done";
  const detach = concurrentDetach(statement);
  if (detach) {
    const isAttached = (await detachPending(db, detach)) !== undefined;
    return isAttached && !(await finishDetach(db, statement)) ? "not done" : "done";
  }
  return REPEATABLE.has(statement.kind) ? "not done" : "unknown";
}

/** Kinds that do the same again, or nothing. */
const REPEATABLE: ReadonlySet<string> = new Set([
  "AlterSystemStmt",
  "CheckPointStmt",
  "ClusterStmt",
  "ReindexStmt",
  "VacuumStmt",
]);

async function dropsNothing(db: Connection, { node }: Statement): Promise<boolean> {
  const names = objectNames(node as Node);
  const left = await db.rows(
    sql`select from unnest(${names}::text[]) name where to_regclass(name) is not null`,
  );
  return left.length === 0;
}

const objectNames = (node: Node): string[] =>
  (Array.isArray(node["objects"]) ? node["objects"] : []).map((object: unknown) =>
    ident(...namePartsOf(object)),
  );

interface Detach {
  readonly parent: string;
  readonly partition: string;
}

/** `ALTER TABLE parent DETACH PARTITION partition CONCURRENTLY`, which takes two transactions. */
function concurrentDetach({ kind, node }: Statement): Detach | undefined {
  if (kind !== "AlterTableStmt") return undefined;
  const [command] = nodesOfKind((node as Node)["cmds"], "AlterTableCmd");
  const partition = unwrap(command?.["def"], "PartitionCmd");
  if (!partition || partition["concurrent"] !== true || !isNode(partition["name"])) return undefined;
  const named = (relation: unknown) => ident(...relationParts(relation).filter((part) => part !== undefined));
  return { parent: named((node as Node)["relation"]), partition: named(partition["name"]) };
}

/** Whether the first of its two transactions is committed, or undefined when it is no partition of that table. */
async function detachPending(db: Connection, { parent, partition }: Detach): Promise<boolean | undefined> {
  const [state] = await db.rows<{ pending: boolean }>(sql`
    select coalesce((to_jsonb(i) ->> 'inhdetachpending')::boolean, false) as pending from pg_catalog.pg_inherits i
    where i.inhparent = to_regclass(${parent}) and i.inhrelid = to_regclass(${partition})`);
  return state?.pending;
}

/** Finish a concurrent detach that was begun and gave up, which cannot be begun again; true when there was one. */
export async function finishDetach(db: Connection, statement: Statement): Promise<boolean> {
  const detach = concurrentDetach(statement);
  if (!detach || !(await detachPending(db, detach))) return false;
  const { parent, partition } = detach;
  await db.run(sql.raw(`alter table ${parent} detach partition ${partition} finalize`));
  return true;
}
