import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { type Sql, sql } from "../../sql/tag.ts";
import { say, sweep } from "./changes.ts";
import { hasExpired, type Intent, moment, noSuchIntent, readIntent } from "./intent.ts";
import { underLock } from "./lock.ts";
import { LEASE_EXPIRED, type Status, TRANSITIONS } from "./states.ts";
import { together } from "./together.ts";

/** An intent as it is before it is changed. */
interface Standing {
  readonly agent_id: string;
  readonly status: Status;
  readonly expired: boolean;
  readonly lease_expires_at: string | null;
  /** Of its last change. */
  readonly reason: string | null;
  /** Conflicts that it has to wait for. */
  readonly open: number;
}

export interface Move {
  readonly to: Status;
  /** Who says so, for the history. */
  readonly agentId?: string | undefined;
  /** Whether that must be the intent's own agent, where it is said. */
  readonly ownOnly?: boolean;
  readonly reason?: string | undefined;
  /** More columns to set, each with a comma before it. */
  readonly set?: Sql;
}

/** Change the status of an intent. Throws COORD_1001, COORD_1002, and COORD_1004 to COORD_1007. */
export const moveIntent = (db: Connection, id: string, move: Move): Promise<Intent> =>
  underLock(db, async () => {
    const standing = await stand(db, id, move);
    if (standing.expired && move.to !== "abandoned") throw expired(id, standing);
    if (!TRANSITIONS[standing.status].includes(move.to)) throw illegal(id, standing, move.to);
    if (standing.status === "conflicted" && move.to !== "abandoned" && standing.open > 0)
      throw unresolved(id, standing, move.to);
    await together(
      say(db, move.agentId, move.reason),
      db.run(sql`update confiture.intent set status = ${move.to} ${move.set ?? sql``} where id = ${id}`),
    );
    return await readIntent(db, id);
  });

/** Sweep, and see how an intent stands; throws COORD_1002, COORD_1005 for one that was swept, and COORD_1006. */
export async function stand(
  db: Connection,
  id: string,
  { agentId, ownOnly }: Pick<Move, "agentId" | "ownOnly">,
): Promise<Standing> {
  const [, [row]] = await together(
    sweep(db, id),
    db.rows<Standing & Record<string, unknown>>(sql`
      select i.agent_id, i.status, ${hasExpired} as expired, ${moment("i.lease_expires_at")} as lease_expires_at,
        (select h.reason from confiture.intent_history h where h.intent_id = i.id order by h.id desc limit 1) as reason,
        (select count(*)::int from confiture.conflict c
         where c.intent_a = i.id and c.severity = 'error' and not c.reviewed) as open
      from confiture.intent i where i.id = ${id} for update`),
  );
  if (row === undefined) throw noSuchIntent(id);
  if (ownOnly && agentId !== undefined && agentId !== row.agent_id) {
    throw new ConfitureError("COORD_1006", `intent ${id} belongs to ${row.agent_id}, not to ${agentId}`, {
      details: { intent_id: id, agent_id: row.agent_id },
    });
  }
  if (row.status === "abandoned" && row.reason === LEASE_EXPIRED) throw expired(id, row);
  return row;
}

/** COORD_1005, for an intent that nobody reckons with any more. */
export const expired = (
  id: string,
  { lease_expires_at: at }: Pick<Standing, "lease_expires_at">,
): ConfitureError =>
  new ConfitureError("COORD_1005", `the lease of intent ${id} has passed${at === null ? "" : ` at ${at}`}`, {
    details: { intent_id: id, lease_expires_at: at },
  });

function illegal(id: string, { status }: Standing, to: Status): ConfitureError {
  const open = TRANSITIONS[status];
  const ways = open.length === 0 ? "nothing any more" : open.join(" or ");
  const message =
    status === to
      ? `intent ${id} is ${status} already`
      : `intent ${id} is ${status} and does not become ${to}`;
  return new ConfitureError("COORD_1004", `${message}: it can become ${ways}`, {
    details: { intent_id: id, status, wanted: to, allowed: open },
  });
}

const unresolved = (id: string, { open, status }: Standing, to: Status): ConfitureError =>
  new ConfitureError("COORD_1004", `intent ${id} has ${open} conflict(s) that nobody has resolved`, {
    actionable:
      "Settle each with the other agent, and say so: `confiture coordinate resolve --conflict-id N --notes …`.",
    details: { intent_id: id, status, wanted: to, open_conflicts: open },
  });
