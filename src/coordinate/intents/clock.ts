import { type Sql, sql } from "../../sql/tag.ts";

/** The one clock of leases and claims: the server's. A simulation puts another in its place, in its own database. */
export const CREATE_CLOCK: Sql = sql.raw(`
  create schema if not exists confiture;
  create or replace function confiture.now() returns timestamptz language sql volatile
    as 'select pg_catalog.clock_timestamp()'`);

/** What it says, once for a statement, so that an index can serve. */
export const NOW: Sql = sql`(select confiture.now())`;
