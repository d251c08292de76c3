import { type Sql, sql } from "../../sql/tag.ts";

/** Who waits for a claim is woken there. */
export const CLAIMS_CHANNEL = "confiture_claims";

/**
 * Claims, who waits for some, and what was applied under them. A path leads from the database down to the object, which
 * is its end. A claim that is lost or has expired stays until its intent releases it, so that the intent learns of it.
 */
const CREATE_TABLES = `
  create sequence if not exists confiture.claim_fence;
  create table if not exists confiture.claim (
    id text primary key default gen_random_uuid()::text,
    seq bigint generated always as identity,
    intent_id text not null references confiture.intent on delete cascade,
    path text[] not null check (cardinality(path) > 0),
    object text not null generated always as (path[cardinality(path)]) stored,
    mode text not null check (mode in ('shared', 'exclusive')),
    fence bigint not null,
    granted_at timestamptz not null default confiture.now(),
    ttl_ms bigint not null check (ttl_ms > 0),
    expires_at timestamptz,
    lost_to text,
    unique (intent_id, object)
  );
  create table if not exists confiture.claim_wait (
    id bigint generated always as identity primary key,
    intent_id text not null references confiture.intent on delete cascade,
    wanted jsonb not null,
    since timestamptz not null default confiture.now(),
    lease_expires_at timestamptz not null
  );
  create table if not exists confiture.fence (
    object text primary key,
    intention_shared bigint not null default 0,
    intention_exclusive bigint not null default 0,
    shared bigint not null default 0,
    exclusive bigint not null default 0,
    applied_at timestamptz
  )`;

/** A claim locks its object, and what that is part of in intention mode. */
const LOCKS_OF = `
  create or replace function confiture.locks_of(path text[], mode text)
    returns table (object text, lock text) language sql immutable as $$
      select p.object, case when p.n < cardinality(path) then 'I' else '' end
        || case mode when 'shared' then 'S' else 'X' end
      from unnest(path) with ordinality as p (object, n)
    $$`;

/** Which two locks on one object go together. */
const LOCKS_AGREE = `
  create or replace function confiture.locks_agree(a text, b text) returns boolean language sql immutable as $$
    select a || ' ' || b in ('IS IS', 'IS IX', 'IS S', 'IX IS', 'IX IX', 'S IS', 'S S')
  $$`;

/** The claims that count: neither lost nor expired, of an intent that counts. */
const IN_FORCE = `
  create or replace view confiture.claim_in_force as
    select c.id, c.seq, c.intent_id, i.agent_id, c.path, c.object, c.mode, c.fence, c.granted_at, c.ttl_ms, c.expires_at
    from confiture.claim c join confiture.intent i on i.id = c.intent_id
    where c.lost_to is null and (c.expires_at is null or c.expires_at > (select confiture.now()))
      and (i.status = 'completed' or i.lease_expires_at > (select confiture.now()))`;

export const CREATE_CLAIMS: Sql = sql.raw([CREATE_TABLES, LOCKS_OF, LOCKS_AGREE, IN_FORCE].join(";\n"));

/** Names of the tables, for those who look whether they are there. */
export const CLAIM_TABLES = ["claim", "claim_wait", "fence"];
