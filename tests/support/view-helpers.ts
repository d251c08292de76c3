import { installHelpers } from "../../src/migrate/view-helpers/view-helpers.ts";
import { Connection } from "../../src/pg/connection.ts";
import { readSnapshot } from "../../src/schema/snapshot.ts";
import { sql } from "../../src/sql/tag.ts";
import { testMigrations } from "./migrations.ts";

/** A database with the helpers in it, roles of its own, and one session on it. */
export interface ViewBench extends AsyncDisposable {
  readonly db: Connection;
  readonly url: string;
  run(text: string): Promise<void>;
  /** The first column of every row. */
  column(text: string): Promise<unknown[]>;
  /** Everything that a view may lose: the snapshot, and what snapshots leave out. */
  state(): Promise<unknown>;
  /** `ann`, `bob` and the like as roles of this database alone; dropped with it. */
  readonly role: (name: string) => string;
}

export async function viewBench(setup: string, roles: readonly string[] = []): Promise<ViewBench> {
  const bench = await testMigrations({});
  await installHelpers(bench.target);
  const db = await Connection.open(bench.database.url);
  const role = (name: string) => `${name}_${bench.database.name}`;
  const named = (text: string) => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => role(name));
  for (const name of roles) await db.run(sql.raw(`create role ${role(name)}`));
  if (setup !== "") await db.run(sql.raw(named(setup)));
  return {
    db,
    url: bench.database.url,
    role,
    run: async (text) => void (await db.run(sql.raw(named(text)))),
    column: async (text) => (await db.rows(sql.raw(named(text)))).map((row) => Object.values(row)[0]),
    state: async () => ({ snapshot: await readSnapshot(db), details: await db.rows(DETAILS) }),
    async [Symbol.asyncDispose]() {
      await db.run(sql`rollback; reset session authorization; reset role`);
      await db.run(sql.raw(roles.map((name) => `drop owned by ${role(name)} cascade`).join(";")));
      await db.run(sql.raw(roles.map((name) => `drop role ${role(name)}`).join(";")));
      await db.close();
      await bench[Symbol.asyncDispose]();
    },
  };
}

/** Of every relation and index: who granted what, tablespace, statistics targets, rows, replica identity, comments of parts. */
const DETAILS = sql`
  select c.oid::regclass::text as name, c.relkind, c.relpersistence, c.relispopulated, c.relreplident, s.spcname,
    array(select x::text from unnest(coalesce(c.relacl, acldefault('r', c.relowner))) x order by 1) as privileges,
    array(select t::text from pg_type ty cross join unnest(ty.typacl) t where ty.typrelid = c.oid order by 1) as type_privileges,
    obj_description(c.reltype, 'pg_type') as type_comment,
    array(select concat_ws(' ', a.attname, a.attnum, a.attacl::text, nullif(a.attstattarget, -1),
        to_jsonb(a) ->> 'attcompression', a.attstorage, a.attoptions::text)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 order by a.attnum) as columns,
    (select concat_ws(' ', i.indisclustered, i.indisreplident, i.indisvalid, i.indisunique) from pg_index i
      where i.indexrelid = c.oid) as index,
    array(select obj_description(r.oid, 'pg_rewrite') from pg_rewrite r where r.ev_class = c.oid order by rulename) as rules,
    array(select concat_ws(' ', t.tgname, t.tgenabled, obj_description(t.oid, 'pg_trigger'))
      from pg_trigger t where t.tgrelid = c.oid order by tgname) as triggers,
    array(select concat_ws(' ', e.stxname, nullif(e.stxstattarget, -1), e.stxowner::regrole, obj_description(e.oid, 'pg_statistic_ext'))
      from pg_statistic_ext e where e.stxrelid = c.oid order by stxname) as statistics,
    array(select x.refobjid::text from pg_depend x where x.classid = 'pg_class'::regclass and x.objid = c.oid and x.deptype = 'x')
      as extensions
  from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_tablespace s on s.oid = c.reltablespace
  where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'confiture') order by 1`;
