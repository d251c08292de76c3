import { type Sql, sql } from "../sql/tag.ts";

/**
 * The oid of a subscription `s`. Before 14 only a superuser may read it in the catalog; the statistics view shows
 * it to all, by a name that another database may have as well.
 */
export const subscriptionOid = (major: number): Sql =>
  major >= 14
    ? sql`s.oid`
    : sql`(select min(v.subid::bigint)::oid from pg_stat_subscription v where v.subname = s.subname)`;

/** Keeps a query on the subscriptions `s` of this database; the catalog is shared by all. */
export const subscriptionHere: Sql = sql`
  s.subdbid = (select oid from pg_database where datname = current_database())`;
