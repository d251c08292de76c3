import { check, type CheckResult } from "../../coordinate/check.ts";
import { type Catalog, readCatalog } from "../../coordinate/footprint/catalog.ts";
import { footprintOf } from "../../coordinate/footprint/footprint.ts";
import { type Conflict, conflictsOf } from "../../coordinate/intents/conflict.ts";
import type { Registration } from "../../coordinate/intents/registration.ts";
import { register, type RegisterResult } from "../../coordinate/register.ts";
import { statusOf } from "../../coordinate/status.ts";
import { judge } from "../../coordinate/verdict/judge.ts";
import type { OrderProof } from "../../coordinate/verdict/order-proof.ts";
import type { Connection } from "../../pg/connection.ts";
import type { ScratchOptions } from "../../scratch/scratch.ts";
import type { Side } from "../sides/side.ts";
import { openBase } from "./base.ts";
import { type Change, changeOfTexts, onBase } from "./change.ts";
import { proveOrder } from "./prove-order.ts";

/** A registration whose SQL was read. */
export interface ChangeRequest extends Omit<Registration, "schemaChanges" | "footprint"> {
  readonly change: Change;
  /** The project's DDL files, where it has some. */
  readonly schema: Side | null;
  readonly scratch: ScratchOptions;
}

/** Say what an agent will change, as `register` of the feature. Throws as that, and what a build of the DDL files throws. */
export const registerChange = async (db: Connection, request: ChangeRequest): Promise<RegisterResult> =>
  register(db, await registrationOf(db, request), judge);

/** Who would be in the way just now, by the same rules; writes nothing. */
export const checkChange = async (db: Connection, request: ChangeRequest): Promise<CheckResult> =>
  check(db, await registrationOf(db, request), judge);

/**
 * The same, where the proof of both orders decides what each intent in the way is: one that is proven independent is in
 * the way no more, but for locks, of which a proof says nothing. Throws as `openBase` besides.
 */
export async function checkProven(db: Connection, request: ChangeRequest, base: Side): Promise<CheckResult> {
  const { conflicts, footprint } = await checkChange(db, request);
  const others = new Map(conflicts.map((conflict) => [conflict.intent_b, conflict.agent_b]));
  if (others.size === 0) return { conflicts_detected: 0, conflicts: [], footprint, proofs: [] };
  await using start = await openBase(base, request.scratch);
  const a = await onBase(request.change, start.catalog);
  const proofs: NonNullable<CheckResult["proofs"]> = [];
  const proven: Conflict[] = [];
  for (const [intent, agent] of others) {
    const { intent: other } = await statusOf(db, intent);
    const b = await onBase(await changeOfTexts(other.schema_changes), start.catalog);
    const proof = await proveOrder(start.scratch, { base: start.database, a, b });
    proofs.push({ intent_b: intent, agent_b: agent, ...proof });
    const theirs = conflicts.filter((conflict) => conflict.intent_b === intent);
    proven.push(...provenConflicts(theirs, proof));
  }
  return { conflicts_detected: proven.length, conflicts: proven, footprint, proofs };
}

/** What is left of the conflicts with one intent: all that the rules say where the proof went wrong, or what it leaves open. */
function provenConflicts(conflicts: readonly Conflict[], { relation, ...proof }: OrderProof): Conflict[] {
  const isSame = proof.failures.length + proof.differences.length + proof.rows_differ.length === 0;
  if (!isSame) {
    const severity = relation === "conflict" ? "error" : "warning";
    return conflicts.map((conflict) => ({ ...conflict, relation, severity }));
  }
  const locks = conflicts.flatMap(({ clashes }) => clashes.filter(({ a }) => a.mode === null));
  const found = conflictsOf({ clashes: [...proof.unproven, ...locks] });
  return found.map((one) => ({ ...conflicts[0]!, ...one }));
}

async function registrationOf(
  db: Connection,
  { change, schema, scratch, ...rest }: ChangeRequest,
): Promise<Registration> {
  const catalog = await catalogAtHand(db, schema, scratch);
  const footprint = await footprintOf(change.scripts, catalog);
  return { ...rest, schemaChanges: [...change.statements], footprint };
}

/** What depends on what, as the database has it, or the DDL files where it has no objects; null where there are neither. */
async function catalogAtHand(
  db: Connection,
  schema: Side | null,
  scratch: ScratchOptions,
): Promise<Catalog | null> {
  const here = await readCatalog(db);
  if (!here.isEmpty || schema === null) return here.isEmpty ? null : here;
  await using base = await openBase(schema, scratch);
  return base.catalog;
}
