import type { Connection } from "../pg/connection.ts";
import { namePartsOf, optionsOf, unwrap } from "../sql/node.ts";
import { parseScript } from "../sql/parse-script.ts";
import type { Script, Source, Statement } from "../sql/script.ts";
import { ident, identSql, literal, sql } from "../sql/tag.ts";
import { withDatabase } from "./database-url.ts";
import type { Site } from "./site.ts";

/**
 * A script whose subscriptions are made without connecting: a scratch database must not reach out to a
 * publisher, let alone make a replication slot there.
 */
export const withoutConnecting = (script: Script): Script => ({
  ...script,
  statements: script.statements.map((statement) =>
    statement.kind === "CreateSubscriptionStmt" ? { ...statement, text: unconnected(statement) } : statement,
  ),
});

/** Whether any of these sources makes a subscription; only those that have the word in them are parsed. */
export async function holdSubscriptions(sources: readonly Source[]): Promise<boolean> {
  for (const source of sources.filter(({ text }) => text.toLowerCase().includes("subscription"))) {
    const { statements } = await parseScript(source, "SCHEMA_200");
    if (statements.some(({ kind }) => kind === "CreateSubscriptionStmt")) return true;
  }
  return false;
}

interface CreateSubscription {
  readonly subname: string;
  readonly conninfo: string;
  readonly publication: readonly { readonly String: { readonly sval: string } }[];
  readonly options?: unknown;
}

/** Options that say what to do with the publisher now; without a connection they may not be on. */
const WHEN_CONNECTING = new Set(["connect", "enabled", "create_slot", "copy_data"]);

function unconnected({ node }: Statement): string {
  const { subname, conninfo, publication, options } = node as CreateSubscription;
  const publications = publication.map(({ String: { sval } }) => ident(sval)).join(", ");
  const kept = [...optionsOf(options)].filter(([name]) => !WHEN_CONNECTING.has(name));
  const written = ["connect = false", ...kept.map(([name, { arg }]) => `${ident(name)}${valueText(arg)}`)];
  return `create subscription ${ident(subname)} connection ${literal(conninfo)} publication ${publications} with (${written.join(", ")})`;
}

/** Words and numbers are taken as strings by any option; an option alone means true. */
function valueText(arg: unknown): string {
  const text = namePartsOf(arg).at(-1) ?? unwrap(arg, "Integer")?.["ival"] ?? unwrap(arg, "Float")?.["fval"];
  return typeof text === "string" || typeof text === "number"
    ? ` = ${literal(String(text)).trimStart()}`
    : "";
}

/** Take the subscriptions out of a database, which PostgreSQL does not drop while it has any. */
export async function dropSubscriptions({ db, url, open }: Site, database: string): Promise<void> {
  const [found] = await db.rows(sql`
    select from pg_catalog.pg_subscription s join pg_catalog.pg_database d on d.oid = s.subdbid
    where d.datname = ${database}`);
  if (found === undefined) return;
  await db.run(sql`alter database ${identSql(database)} with allow_connections true`);
  await using inside = await open(withDatabase(url, database));
  const rows = await inside.rows<{ name: string }>(sql`
    select subname as name from pg_catalog.pg_subscription
    where subdbid = (select oid from pg_catalog.pg_database where datname = current_database())`);
  for (const { name } of rows) await dropSubscription(inside, name);
}

/** Without its slot: whether there is one on the publisher is none of our business. */
async function dropSubscription(db: Connection, name: string): Promise<void> {
  await db.run(sql`alter subscription ${identSql(name)} disable`);
  await db.run(sql`alter subscription ${identSql(name)} set (slot_name = none)`);
  await db.run(sql`drop subscription ${identSql(name)}`);
}
