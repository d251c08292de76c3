import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Connection } from "../pg/connection.ts";
import { identSql, literal, sql } from "../sql/tag.ts";
import type { Host } from "./host.ts";
import { dropDatabase } from "./scratch-databases.ts";
import type { Site } from "./site.ts";

/** A comment that begins so makes a database ours to drop once its time is over. */
const MARK = '{"confiture":"kept",';

/** What a kept database says of itself, in its comment; its maker may say more. */
const noteSchema = z.looseObject({ confiture: z.literal("kept"), expires_at: z.iso.datetime() });

/** What the maker of a kept database says of it; nothing else is known about it anywhere. */
export interface Note {
  readonly expires_at: string;
  readonly [fact: string]: unknown;
}

/** A database that outlives the command that made it. */
export interface KeptDatabase {
  readonly name: string;
  readonly note: Note;
  /** Sessions in it just now. */
  readonly connections: number;
}

/** Give a scratch database its lasting name; it says what it is before it has that, so that none is ever without. */
export async function keepDatabase(
  db: Connection,
  database: string,
  name: string,
  { expires_at, ...facts }: Note,
): Promise<void> {
  const text = JSON.stringify({ confiture: "kept", expires_at, ...facts });
  await db.run(sql`comment on database ${identSql(database)} is ${sql.raw(literal(text))}`);
  await db.run(sql`alter database ${identSql(database)} rename to ${identSql(name)}`);
}

/** Those that the role may drop, oldest first. */
export async function keptDatabases(db: Connection): Promise<KeptDatabase[]> {
  const rows = await db.rows<{ name: string; comment: string; connections: number }>(sql`
    select datname as name, shobj_description(oid, 'pg_database') as comment,
           (select count(*) from pg_stat_activity a where a.datid = d.oid)::int4 as connections
    from pg_database d
    where starts_with(shobj_description(oid, 'pg_database'), ${MARK}) and pg_has_role(datdba, 'usage')
    order by oid`);
  return rows.flatMap(({ name, comment, connections }) => {
    const note = noteOf(comment);
    return note === undefined ? [] : [{ name, note, connections }];
  });
}

/** Undefined for a comment that somebody has changed: then the database is nobody's to drop but theirs. */
function noteOf(comment: string): Note | undefined {
  try {
    return noteSchema.parse(JSON.parse(comment));
  } catch {
    return undefined;
  }
}

/** Drop the databases whose time is over, whoever is connected to them; gives their names. */
export async function sweepKept(site: Site, host: Host, log: Log): Promise<string[]> {
  const dropped: string[] = [];
  for (const { name, note } of await keptDatabases(site.db)) {
    if (Date.parse(note.expires_at) > host.now()) continue;
    try {
      await dropDatabase(site, name, true);
      dropped.push(name);
      log.info(`dropped ${name}, whose time was over at ${note.expires_at}`);
    } catch (error) {
      if (!(error instanceof ConfitureError) || !site.db.isOpen) throw error;
      log.warn(`${name} was to go at ${note.expires_at}, and cannot be dropped: ${error.message}`);
    }
  }
  return dropped;
}
