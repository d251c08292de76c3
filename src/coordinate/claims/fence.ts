import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { literal, type Sql, sql } from "../../sql/tag.ts";
import { readIntent } from "../intents/intent.ts";
import { readOnly } from "../intents/lock.ts";

/** SQLSTATE of a refusal. */
const REFUSED = "CF001";

const FUNCTION = "language plpgsql security definer set search_path = pg_catalog, pg_temp";

/** The locks of all claims of an intent, with the highest fence of each. */
const LOCKS = `
  select l.object, l.lock, max(c.fence) as fence
  from confiture.claim c cross join lateral confiture.locks_of(c.path, c.mode) l
  where c.intent_id = $1 group by l.object, l.lock`;

/** Raises unless an intent may apply just now: it is at work, and nobody has taken or overtaken any of its claims. */
const REQUIRE_CLAIMS = `
  create or replace function confiture.require_claims(intent text) returns void ${FUNCTION} as $$
  declare
    work confiture.intent;
    loss record;
  begin
    select * into work from confiture.intent where id = $1;
    if work.id is null then
      raise exception 'there is no intent %', $1 using errcode = '${REFUSED}';
    elsif work.status not in ('registered', 'in_progress') then
      raise exception 'intent % is %, and nothing is applied for it', $1, work.status using errcode = '${REFUSED}';
    elsif work.lease_expires_at <= confiture.now() then
      raise exception 'the lease of intent % has passed', $1 using errcode = '${REFUSED}';
    end if;
    select object, lost_to, expires_at into loss from confiture.claim
    where intent_id = $1 and (lost_to is not null or expires_at <= confiture.now()) order by object limit 1;
    if loss.lost_to is not null then
      raise exception 'the claim of intent % on % is lost to claim %', $1, loss.object, loss.lost_to
        using errcode = '${REFUSED}';
    elsif loss.object is not null then
      raise exception 'the claim of intent % on % has expired', $1, loss.object using errcode = '${REFUSED}';
    elsif not exists (select from confiture.claim where intent_id = $1) then
      raise exception 'intent % has claimed nothing', $1 using errcode = '${REFUSED}';
    end if;
    select l.object, l.fence, s.number into loss from (${LOCKS}) l
      join confiture.fence f on f.object = l.object
      cross join lateral (values ('IS', f.intention_shared), ('IX', f.intention_exclusive), ('S', f.shared),
        ('X', f.exclusive)) as s (lock, number)
    where s.number > l.fence and not confiture.locks_agree(l.lock, s.lock) order by l.object limit 1;
    if loss.object is not null then
      raise exception 'intent % has fence % on %, and % was applied there already', $1, loss.fence, loss.object, loss.number
        using errcode = '${REFUSED}';
    end if;
  end $$`;

/**
 * The same, and from then on nobody with a lower fence. The rows of the fence are locked first, in one order, so that
 * whoever applies at the same time waits here; claims are not locked, so that a long migration stops no heartbeat.
 */
const ASSERT_FENCE = `
  create or replace function confiture.assert_fence(intent text) returns void ${FUNCTION} as $$
  begin
    insert into confiture.fence (object) select distinct l.object from (${LOCKS}) l order by 1 on conflict do nothing;
    perform from confiture.fence f where f.object in (select l.object from (${LOCKS}) l) order by f.object for update;
    perform confiture.require_claims($1);
    update confiture.fence f set applied_at = confiture.now(),
      intention_shared = greatest(f.intention_shared, h.intention_shared),
      intention_exclusive = greatest(f.intention_exclusive, h.intention_exclusive),
      shared = greatest(f.shared, h.shared), exclusive = greatest(f.exclusive, h.exclusive)
    from (select l.object, max(l.fence) filter (where l.lock = 'IS') as intention_shared,
            max(l.fence) filter (where l.lock = 'IX') as intention_exclusive,
            max(l.fence) filter (where l.lock = 'S') as shared, max(l.fence) filter (where l.lock = 'X') as exclusive
          from (${LOCKS}) l group by l.object) h
    where f.object = h.object;
  end $$`;

export const CREATE_FENCE: Sql = sql.raw(`${REQUIRE_CLAIMS};\n${ASSERT_FENCE}`);

/** The statement that refuses the rest of its transaction, or records the fence of an intent in it. */
export const fenceStatement = (intentId: string): string =>
  `select confiture.assert_fence(${literal(intentId)})`;

/** Whether an intent may apply just now; writes nothing. Throws COORD_1001, COORD_1002 and COORD_1024. */
export const requireClaims = (db: Connection, intentId: string): Promise<void> =>
  readOnly(db, async () => {
    await readIntent(db, intentId);
    await db.run(sql`select confiture.require_claims(${intentId})`);
  }).catch((error: unknown) => {
    throw toldAsRefusal(error, intentId);
  });

/** COORD_1024 for what these functions raise, whatever it came through; anything else as it is. */
export function toldAsRefusal(error: unknown, intentId: string): unknown {
  if (!(error instanceof ConfitureError) || error.context.details?.["sqlstate"] !== REFUSED) return error;
  return new ConfitureError("COORD_1024", error.message, {
    ...error.context,
    details: { ...error.context.details, intent_id: intentId },
    cause: error,
  });
}
