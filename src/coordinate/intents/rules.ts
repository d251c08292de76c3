import { type Sql, sql } from "../../sql/tag.ts";
import { LOCK } from "./lock.ts";

/** Whoever listens there is woken by every change of a status. */
export const CHANNEL = "confiture_coordinate";

/** Functions of these run as their owner, so that nobody else needs to write the history. */
const TRIGGER = "returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp";

/** Before any row is locked, so that two who write never wait for each other, and history is in order of commits. */
const ONE_AT_A_TIME = `
  create or replace function confiture.coordinate_one_at_a_time() ${TRIGGER} as $$
  begin
    perform pg_advisory_xact_lock(${LOCK.classId}, ${LOCK.objectId});
    return null;
  end $$`;

/** Only an intent that begins, and legal changes; a lease that has passed can only end in abandoned. */
const CHECK_STATUS = `
  create or replace function confiture.check_intent_status() ${TRIGGER} as $$
  begin
    new.updated_at := clock_timestamp();
    if tg_op = 'INSERT' then
      if new.status not in ('registered', 'conflicted') then
        raise exception 'an intent does not begin as %', new.status
          using errcode = 'check_violation', constraint = 'intent_transition';
      end if;
      new.lease_expires_at := coalesce(new.lease_expires_at, confiture.now() + new.ttl_ms * interval '1 ms');
      return new;
    end if;
    if new.status is not distinct from old.status then
      return new;
    end if;
    if not exists (select from confiture.transition t
                   where t.from_status = old.status and t.to_status = new.status) then
      raise exception 'intent %: % does not become %', old.id, old.status, new.status
        using errcode = 'check_violation', constraint = 'intent_transition';
    end if;
    if old.lease_expires_at <= confiture.now() and new.status <> 'abandoned' then
      raise exception 'intent %: its lease has passed', old.id
        using errcode = 'check_violation', constraint = 'intent_lease_passed';
    end if;
    if old.status = 'conflicted' and new.status <> 'abandoned' and exists (
         select from confiture.conflict c
         where c.intent_a = old.id and c.severity = 'error' and not c.reviewed) then
      raise exception 'intent %: it has conflicts that nobody has resolved', old.id
        using errcode = 'check_violation', constraint = 'intent_conflicts_open';
    end if;
    if new.status in ('completed', 'merged', 'abandoned') then
      new.lease_expires_at := null;
    elsif old.lease_expires_at is null then
      new.lease_expires_at := confiture.now() + new.ttl_ms * interval '1 ms';
    end if;
    return new;
  end $$`;

/** Every change leaves a row; a final intent holds nothing, and one that was abandoned is in nobody's way. */
const RECORD_STATUS = `
  create or replace function confiture.record_intent_status() ${TRIGGER} as $$
  declare
    was text := case when tg_op = 'UPDATE' then old.status end;
  begin
    if was is not distinct from new.status then
      return null;
    end if;
    insert into confiture.intent_history (intent_id, old_status, new_status, reason, changed_by)
    values (new.id, was, new.status, nullif(current_setting('confiture.reason', true), ''),
      coalesce(nullif(current_setting('confiture.changed_by', true), ''), session_user));
    if new.status in ('merged', 'abandoned') then
      delete from confiture.touch t where t.intent_id = new.id;
    end if;
    if new.status = 'abandoned' then
      update confiture.conflict c
      set reviewed = true, reviewed_at = clock_timestamp(),
          resolution_notes = 'intent ' || new.id || ' was abandoned'
      where not c.reviewed and new.id in (c.intent_a, c.intent_b);
    end if;
    perform pg_notify('${CHANNEL}', '');
    return null;
  end $$`;

/** The last conflict in the way of an intent was resolved: it is as if it had been registered without. */
const RELEASE_CONFLICTED = `
  create or replace function confiture.release_conflicted() ${TRIGGER} as $$
  declare
    reason text := current_setting('confiture.reason', true);
  begin
    perform set_config('confiture.reason', 'its conflicts are resolved', true);
    update confiture.intent i set status = 'registered'
    where i.id = new.intent_a and i.status = 'conflicted' and i.lease_expires_at > confiture.now()
      and not exists (select from confiture.conflict c
                      where c.intent_a = i.id and c.severity = 'error' and not c.reviewed);
    perform set_config('confiture.reason', coalesce(reason, ''), true);
    return null;
  end $$`;

const trigger = (name: string, when: string, does: string): string => `
  drop trigger if exists ${name} on ${/ on (confiture\.\w+)/.exec(when)![1]!};
  create trigger ${name} ${when} execute function confiture.${does}()`;

/** What the database itself holds of the life of an intent, whoever writes. */
export const CREATE_RULES: Sql = sql.raw(
  [
    ONE_AT_A_TIME,
    CHECK_STATUS,
    RECORD_STATUS,
    RELEASE_CONFLICTED,
    trigger(
      "a_one_at_a_time",
      "before insert or delete or update of status on confiture.intent for each statement",
      "coordinate_one_at_a_time",
    ),
    trigger(
      "a_one_at_a_time",
      "before insert or update on confiture.conflict for each statement",
      "coordinate_one_at_a_time",
    ),
    trigger(
      "check_status",
      "before insert or update on confiture.intent for each row",
      "check_intent_status",
    ),
    trigger(
      "record_status",
      "after insert or update of status on confiture.intent for each row",
      "record_intent_status",
    ),
    trigger(
      "release_conflicted",
      "after update of reviewed on confiture.conflict for each row when (new.reviewed and not old.reviewed)",
      "release_conflicted",
    ),
  ].join(";\n"),
);
