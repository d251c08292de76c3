import { type Sql, sql } from "../../sql/tag.ts";
import { CLAIMS_CHANNEL } from "./tables.ts";

const TRIGGER = "returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp";

/**
 * A final intent holds nothing. A completed one has no lease that could be renewed, so that its claims stay until it is
 * merged, abandoned or taken up again.
 */
const FOLLOW_STATUS = `
  create or replace function confiture.claims_follow_status() ${TRIGGER} as $$
  begin
    if new.status in ('completed', 'merged', 'abandoned') then
      delete from confiture.claim_wait w where w.intent_id = new.id;
    end if;
    if new.status in ('merged', 'abandoned') then
      delete from confiture.claim c where c.intent_id = new.id;
    elsif new.status = 'completed' then
      update confiture.claim c set expires_at = null
      where c.intent_id = new.id and c.lost_to is null and c.expires_at > confiture.now();
    elsif old.status = 'completed' then
      update confiture.claim c set expires_at = confiture.now() + c.ttl_ms * interval '1 ms'
      where c.intent_id = new.id and c.lost_to is null and c.expires_at is null;
    end if;
    return null;
  end $$`;

const WAKE = `
  create or replace function confiture.wake_waiting() ${TRIGGER} as $$
  begin
    perform pg_notify('${CLAIMS_CHANNEL}', '');
    return null;
  end $$`;

/** What the database itself holds of claims, whoever writes: one writer at a time, as for intents. */
export const CREATE_CLAIM_RULES: Sql = sql.raw(`
  ${FOLLOW_STATUS};
  ${WAKE};
  drop trigger if exists claims_follow_status on confiture.intent;
  create trigger claims_follow_status after update of status on confiture.intent for each row
    when (new.status is distinct from old.status) execute function confiture.claims_follow_status();
  drop trigger if exists a_one_at_a_time on confiture.claim;
  create trigger a_one_at_a_time before insert or update or delete on confiture.claim for each statement
    execute function confiture.coordinate_one_at_a_time();
  drop trigger if exists a_one_at_a_time on confiture.claim_wait;
  create trigger a_one_at_a_time before insert or update or delete on confiture.claim_wait for each statement
    execute function confiture.coordinate_one_at_a_time();
  drop trigger if exists wake_waiting on confiture.claim;
  create trigger wake_waiting after delete on confiture.claim for each statement
    execute function confiture.wake_waiting();
  drop trigger if exists wake_waiting on confiture.claim_wait;
  create trigger wake_waiting after delete on confiture.claim_wait for each statement
    execute function confiture.wake_waiting()`);
