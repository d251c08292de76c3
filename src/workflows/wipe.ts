import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { ident, identSql, sql } from "../sql/tag.ts";

/** What a wipe took away, and what the user should know of it. */
export interface Wiped {
  readonly schemas: readonly string[];
  readonly warnings: readonly string[];
}

/** Leaves out members of extensions, which go when those go; `oid` is that of `catalog`. */
const notOfExtension = (catalog: string) =>
  sql.raw(`not exists (select from pg_catalog.pg_depend m where m.classid = 'pg_catalog.${catalog}'::regclass
    and m.objid = o.oid and m.deptype = 'e')`);

/** Every schema that a wipe drops: those of extensions in pg_catalog, which stay, are left out. */
export async function schemasToDrop(db: Connection): Promise<string[]> {
  const rows = await db.rows<{ name: string }>(sql`
    select o.nspname as name from pg_catalog.pg_namespace o
    where o.nspname !~ '^pg_' and o.nspname <> 'information_schema' and not exists (
      select from pg_catalog.pg_depend m join pg_catalog.pg_extension e on e.oid = m.refobjid
      where m.classid = 'pg_catalog.pg_namespace'::regclass and m.objid = o.oid and m.deptype = 'e'
        and m.refclassid = 'pg_catalog.pg_extension'::regclass
        and e.extnamespace = 'pg_catalog'::regnamespace)
    order by 1`);
  return rows.map((row) => row.name);
}

/**
 * Drop everything in the database, inside the transaction that is open: all schemas, extensions that are not in
 * pg_catalog, event triggers and publications; then make `public` again as a new database has it.
 * Throws REBUILD_001 for a subscription, whose slot no transaction can drop, or SQL_001.
 */
export async function wipe(db: Connection): Promise<Wiped> {
  await refuseSubscriptions(db);
  const before = await publicSchema(db);
  const schemas = await schemasToDrop(db);
  // These come first: an event trigger would fire for the others.
  for (const name of await namesOf(db, "pg_event_trigger", "evtname"))
    await db.run(sql`drop event trigger ${identSql(name)}`);
  for (const name of await namesOf(db, "pg_publication", "pubname"))
    await db.run(sql`drop publication ${identSql(name)}`);
  const extensions = await db.rows<{ name: string }>(sql`
    select extname as name from pg_catalog.pg_extension where extnamespace <> 'pg_catalog'::regnamespace`);
  if (extensions.length > 0)
    await db.run(
      sql`drop extension ${sql.raw(extensions.map(({ name }) => ident(name)).join(", "))} cascade`,
    );
  if (schemas.length > 0)
    await db.run(
      sql`drop schema if exists ${sql.raw(schemas.map((name) => ident(name)).join(", "))} cascade`,
    );
  const warnings = await makePublic(db);
  const after = await publicSchema(db);
  if (before !== undefined && before !== after)
    warnings.push(
      `schema public was owned and granted otherwise before (${before}); the DDL files must say so`,
    );
  return { schemas, warnings };
}

async function refuseSubscriptions(db: Connection): Promise<void> {
  const rows = await db.rows<{ name: string }>(sql`
    select subname as name from pg_catalog.pg_subscription
    where subdbid = (select oid from pg_catalog.pg_database where datname = current_database())`);
  const [first] = rows;
  if (first === undefined) return;
  throw new ConfitureError(
    "REBUILD_001",
    `subscription ${first.name} would lose its tables, and its slot cannot be dropped in a transaction`,
    {
      details: { subscriptions: rows.map((row) => row.name) },
      actionable: `Drop it first: drop subscription ${ident(first.name)}`,
    },
  );
}

async function namesOf(db: Connection, catalog: string, column: string): Promise<string[]> {
  const rows = await db.rows<{ name: string }>(sql`
    select o.${identSql(column)} as name from pg_catalog.${identSql(catalog)} o
    where ${notOfExtension(catalog)} order by 1`);
  return rows.map((row) => row.name);
}

async function publicSchema(db: Connection): Promise<string | undefined> {
  const [row] = await db.rows<{ text: string }>(sql`
    select pg_get_userbyid(nspowner) || ' ' || coalesce(nspacl::text, '') as text
    from pg_catalog.pg_namespace where nspname = 'public'`);
  return row?.text;
}

/** As template0 has it; before 15 it belongs to the role that made the server, if that may be given it. */
async function makePublic(db: Connection): Promise<string[]> {
  const [role] = await db.rows<{ owner: string; may: boolean }>(sql`
    select rolname as owner, pg_has_role(oid, 'member') as may from pg_catalog.pg_roles
    where oid = ${db.server.major >= 15 ? sql`'pg_database_owner'::regrole` : sql`10`}`);
  const { owner, may } = role!;
  const privileges = sql.raw(db.server.major >= 15 ? "usage" : "usage, create");
  await db.run(sql`create schema public; comment on schema public is 'standard public schema'`);
  if (may) await db.run(sql`alter schema public owner to ${identSql(owner)}`);
  await db.run(sql`grant ${privileges} on schema public to public`);
  return may ? [] : [`schema public belongs to ${db.server.user}, who may not give it to ${owner}`];
}
