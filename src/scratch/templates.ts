import { ConfitureError } from "../base/errors.ts";
import { sha256 } from "../base/hash.ts";
import type { Connection } from "../pg/connection.ts";
import { identSql, literal, sql } from "../sql/tag.ts";
import type { Site } from "./site.ts";
import { dropDatabase } from "./scratch-databases.ts";

const PREFIX = "confiture_template_";
const KEPT = 20;
/** A use is not recorded again within this time. */
const USE_GRAIN = sql.raw("interval '1 minute'");

export interface TemplateNames {
  readonly template: string;
  /** Its name while it is made: that of a scratch database, so that it is swept after a crash. */
  readonly unfinished: string;
  /** Whether the server is one of our own. */
  readonly ours: boolean;
}

/** Each role has templates of its own: PostgreSQL lets only the owner copy a database. */
export const templateName = (key: string, user: string): string =>
  `${PREFIX}${sha256(JSON.stringify([user, key])).slice(0, 24)}`;

/** False when there is no such template; else `name` is a copy of it. */
export async function copyTemplate(
  db: Connection,
  template: string,
  name: string,
  ours: boolean,
): Promise<boolean> {
  const [found] = await db.rows<{ fresh: boolean }>(sql`
    select coalesce(shobj_description(oid, 'pg_database')::timestamptz > now() - ${USE_GRAIN}, false) as fresh
    from pg_database where datname = ${template}`);
  if (found === undefined) return false;
  try {
    await copyDatabase(db, template, name, ours);
  } catch (error) {
    if (await exists(db, template)) throw error;
    return false; // another process has swept it just now
  }
  if (!found.fresh) await recordUse(db, template);
  return true;
}

/**
 * Copying files is several times as fast as the default from PostgreSQL 15 on, which logs every page, but it
 * makes two checkpoints: those are cheap only on a server of ours, which flushes nothing.
 */
export async function copyDatabase(db: Connection, from: string, to: string, ours: boolean): Promise<void> {
  const strategy = sql.raw(ours && db.server.major >= 15 ? "strategy file_copy" : "");
  await db.run(sql`create database ${identSql(to)} template ${identSql(from)} ${strategy}`);
}

/**
 * Make a template unless it is there: `make` fills the database `unfinished`, which gets the template's name
 * when it is complete. Processes wait for one another on `db`, which must be used for nothing else.
 */
export async function makeTemplate(
  site: Site,
  { template, unfinished, ours }: TemplateNames,
  make: () => Promise<void>,
): Promise<void> {
  const { db } = site;
  await db.run(sql`select pg_advisory_lock(hashtextextended(${template}, 0))`);
  if (await exists(db, template)) return;
  try {
    await copyDatabase(db, "template0", unfinished, ours);
    await make();
    await recordUse(db, unfinished);
    await db.run(sql`alter database ${identSql(unfinished)} with allow_connections false`);
    await db.run(sql`alter database ${identSql(unfinished)} rename to ${identSql(template)}`);
  } catch (error) {
    await dropDatabase(site, unfinished, true);
    throw error;
  }
  await sweepTemplates(site);
}

/** Drop all but the most recently used ones. */
async function sweepTemplates(site: Site): Promise<void> {
  const rows = await site.db.rows<{ name: string }>(sql`
    select datname as name from pg_database
    where datname like ${`${PREFIX.replaceAll("_", "\\_")}%`} and pg_has_role(datdba, 'usage')
    order by shobj_description(oid, 'pg_database')::timestamptz desc nulls last
    offset ${KEPT}`);
  for (const { name } of rows) await dropDatabase(site, name, false);
}

async function recordUse(db: Connection, template: string): Promise<void> {
  const [row] = await db.rows<{ now: string }>(sql`select now()::text as now`);
  try {
    await db.run(sql`comment on database ${identSql(template)} is ${sql.raw(literal(row?.now ?? ""))}`);
  } catch (error) {
    const isGone = error instanceof ConfitureError && !(await exists(db, template));
    if (!isGone) throw error;
  }
}

async function exists(db: Connection, name: string): Promise<boolean> {
  return (await db.rows(sql`select from pg_database where datname = ${name}`)).length > 0;
}
