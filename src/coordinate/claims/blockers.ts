import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";
import { NOW } from "../intents/clock.ts";
import { moment } from "../intents/intent.ts";
import { CLAIM_MODES, type Wanted } from "./wanted.ts";

/** What stands in the way of a claim: one that is held, or one that waits for longer. */
export const blockerSchema = z.object({
  reason: z.enum(["holds", "waits"]),
  claim_id: z.string().nullable().describe("Null for one that waits"),
  intent_id: z.string(),
  agent_id: z.string(),
  object: z.string(),
  mode: z.enum(CLAIM_MODES),
  fence: z.int().nullable(),
  expires_at: z.string().nullable(),
});
export type Blocker = z.infer<typeof blockerSchema>;

export interface Asking {
  readonly intentId: string;
  readonly wanted: readonly Wanted[];
  /** Its place in the queue; the end of it where it has none. */
  readonly place?: string | undefined;
}

/**
 * All that is in the way of a claim. Whoever waits for the intent itself is not: it would wait for ever if that went first.
 */
export const findBlockers = (db: Connection, { intentId, wanted, place }: Asking): Promise<Blocker[]> =>
  db.rows<Blocker>(sql`
    with asked as materialized (
      select l.object, l.lock from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w (path text[], mode text)
        cross join lateral confiture.locks_of(w.path, w.mode) l),
    own as materialized (
      select l.object, l.lock from confiture.claim_in_force c cross join lateral confiture.locks_of(c.path, c.mode) l
      where c.intent_id = ${intentId}),
    waiting as materialized (
      select q.id, q.intent_id, i.agent_id, w.path, w.mode from confiture.claim_wait q
        join confiture.intent i on i.id = q.intent_id
        cross join lateral jsonb_to_recordset(q.wanted) as w (path text[], mode text)
      where q.intent_id <> ${intentId} and q.lease_expires_at > ${NOW}
        and (${place ?? null}::bigint is null or q.id < ${place ?? null}::bigint))
    select 'holds' as reason, c.id as claim_id, c.intent_id, c.agent_id, c.object, c.mode, c.fence::float8 as fence,
      ${moment("c.expires_at")} as expires_at
    from confiture.claim_in_force c
    where c.intent_id <> ${intentId} and exists (select from confiture.locks_of(c.path, c.mode) l
      join asked a on a.object = l.object and not confiture.locks_agree(l.lock, a.lock))
    union all
    select 'waits', null, q.intent_id, q.agent_id, q.path[cardinality(q.path)], q.mode, null, null
    from waiting q
    where exists (select from confiture.locks_of(q.path, q.mode) l
        join asked a on a.object = l.object and not confiture.locks_agree(l.lock, a.lock))
      and not exists (select from waiting p cross join lateral confiture.locks_of(p.path, p.mode) l
        join own o on o.object = l.object and not confiture.locks_agree(l.lock, o.lock) where p.id = q.id)
    order by reason, object`);

/** Whether waiting for these would be waiting for oneself: an intent on the way waits for this one. */
export async function isCircle(
  db: Connection,
  intentId: string,
  blockers: readonly Blocker[],
): Promise<boolean> {
  const seen = new Set<string>();
  const todo = blockers.map((blocker) => blocker.intent_id);
  for (let one = todo.pop(); one !== undefined; one = todo.pop()) {
    if (one === intentId) return true;
    if (seen.has(one)) continue;
    seen.add(one);
    const requests = await db.rows<{ place: string; wanted: Wanted[] }>(sql`
      select id::text as place, wanted from confiture.claim_wait
      where intent_id = ${one} and lease_expires_at > ${NOW}`);
    for (const request of requests) {
      const next = await findBlockers(db, { intentId: one, ...request });
      todo.push(...next.map((blocker) => blocker.intent_id));
    }
  }
  return false;
}

/** COORD_1020 with all that is in the way. */
export function busy({ intentId }: Asking, blockers: readonly Blocker[], waitedMs: number): ConfitureError {
  const held = blockers.find((blocker) => blocker.reason === "holds");
  const after = waitedMs > 0 ? ` after ${Math.round(waitedMs / 1000)} s` : "";
  const more = blockers.length > 3 ? `; and ${blockers.length - 3} more` : "";
  return new ConfitureError("COORD_1020", `${blockers.slice(0, 3).map(describe).join("; ")}${more}${after}`, {
    details: { intent_id: intentId, blockers, waited_ms: Math.round(waitedMs) },
    actionable: [
      "Wait with `--wait 10m`, or ask the holder for `confiture coordinate release`.",
      ...(held === undefined
        ? []
        : [
            `Of a holder that is gone it can be taken: \`confiture coordinate steal --claim ${held.claim_id} --intent-id ${intentId} --agent-id AGENT --reason …\`.`,
          ]),
    ].join(" "),
  });
}

/** COORD_1021. */
export const circle = ({ intentId }: Asking, blockers: readonly Blocker[]): ConfitureError =>
  new ConfitureError(
    "COORD_1021",
    `${blockers.slice(0, 3).map(describe).join("; ")}, and waits for intent ${intentId}`,
    {
      details: { intent_id: intentId, blockers },
    },
  );

const describe = ({
  reason,
  object,
  agent_id: agent,
  intent_id: intent,
  mode,
  expires_at: at,
}: Blocker): string =>
  reason === "waits"
    ? `${agent} (intent ${intent}) waits for ${object}, ${mode}`
    : `${object} is claimed by ${agent} (intent ${intent}), ${mode}, ${at === null ? "until it is merged" : `until ${at}`}`;
