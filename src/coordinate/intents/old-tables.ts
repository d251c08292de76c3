import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { ident, identSql, sql } from "../../sql/tag.ts";
import { DEFAULT_TTL_MS } from "./states.ts";

/** The tables of the old tool, and the columns that it gave them. */
const OLD: Readonly<Record<string, readonly string[]>> = {
  tb_pggit_intent:
    "id agent_id feature_name branch_name schema_changes tables_affected estimated_duration_ms risk_level status conflicts_with metadata created_at updated_at".split(
      " ",
    ),
  tb_pggit_conflict:
    "id intent_a intent_b conflict_type affected_objects severity resolution_suggestions reviewed reviewed_at resolution_notes created_at".split(
      " ",
    ),
  tb_pggit_intent_history: "id intent_id old_status new_status reason changed_by changed_at".split(" "),
};

/** What a table of the old tool is called once its rows are ours. */
const SUFFIX = "_0_20";

export interface TakenOver {
  readonly schema: string;
  readonly table: string;
  readonly renamed_to: string;
  readonly rows: number;
}

interface Found {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

/** Tables of the old tool's names that the search path leads to. */
const findOldTables = (db: Connection): Promise<Found[]> =>
  db.rows<Found & Record<string, unknown>>(sql`
    select n.nspname::text as schema, c.relname::text as name,
      array(select attname::text from pg_catalog.pg_attribute
            where attrelid = c.oid and attnum > 0 and not attisdropped) as columns
    from unnest(${Object.keys(OLD)}::text[]) with ordinality as wanted (name, place)
      join pg_catalog.pg_class c on c.oid = pg_catalog.to_regclass(wanted.name)
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') order by wanted.place`);

/**
 * Copy the rows of the old tool's tables into ours and rename its tables; none may be missing where one is there.
 * Its intents have no footprint, and get a lease from now on. Throws COORD_1009 for tables that are not the old tool's.
 */
export async function takeOverOldTables(db: Connection): Promise<TakenOver[]> {
  const found = await findOldTables(db);
  if (found.length === 0) return [];
  requireShape(found);
  await db.run(sql`
    alter table confiture.intent disable trigger user;
    alter table confiture.conflict disable trigger user`);
  const taken: TakenOver[] = [];
  for (const [{ schema, name }, copy] of found.map((table, i) => [table, COPIES[i]!] as const)) {
    const rows = await db.run(copy(ident(schema, name)));
    await db.run(sql`alter table ${identSql(schema, name)} rename to ${identSql(name + SUFFIX)}`);
    taken.push({ schema, table: ident(schema, name), renamed_to: ident(schema, name + SUFFIX), rows });
  }
  await db.run(FINISH);
  return taken;
}

function requireShape(found: readonly Found[]): void {
  const absent = Object.keys(OLD).filter((name) => !found.some((table) => table.name === name));
  const problems = [
    ...absent.map((name) => `there is no table ${name} beside the others`),
    ...found.flatMap(({ schema, name, columns }) => {
      const missing = OLD[name]!.filter((column) => !columns.includes(column));
      return missing.length > 0
        ? [`${ident(schema, name)} is no table of the old tool: it has no column ${missing.join(", ")}`]
        : [];
    }),
  ];
  if (problems.length > 0)
    throw new ConfitureError("COORD_1009", problems.join("; "), { details: { problems } });
}

/** In the order of the tables; ids of conflicts and history stay what they were where ours have no rows yet. */
const COPIES = [
  (from: string) => sql`
    insert into confiture.intent (id, agent_id, feature_name, branch_name, schema_changes, tables_affected,
      estimated_duration_ms, risk_level, status, metadata, created_at, updated_at, lease_expires_at)
    select id, agent_id, feature_name, branch_name, coalesce(schema_changes, '[]'), coalesce(tables_affected, '[]'),
      greatest(coalesce(estimated_duration_ms, 0), 0), coalesce(risk_level, 'low'), status, coalesce(metadata, '{}'),
      coalesce(created_at, now()), coalesce(updated_at, created_at, now()),
      case when status in ('registered', 'in_progress', 'conflicted')
        then confiture.now() + ${DEFAULT_TTL_MS}::int8 * interval '1 ms' end
    from ${sql.raw(from)} order by created_at, id`,
  (from: string) => sql`
    insert into confiture.conflict (id, intent_a, intent_b, conflict_type, affected_objects, severity,
      resolution_suggestions, reviewed, reviewed_at, resolution_notes, created_at)
    select id + (select coalesce(max(id), 0) from confiture.conflict), intent_a, intent_b, conflict_type,
      coalesce(affected_objects, '[]'), severity, coalesce(resolution_suggestions, '[]'), coalesce(reviewed, false),
      reviewed_at, resolution_notes, coalesce(created_at, now())
    from ${sql.raw(from)} order by id`,
  (from: string) => sql`
    insert into confiture.intent_history (id, intent_id, old_status, new_status, reason, changed_by, changed_at)
    select id + (select coalesce(max(id), 0) from confiture.intent_history), intent_id, old_status, new_status,
      reason, coalesce(changed_by, 'system'), coalesce(changed_at, now())
    from ${sql.raw(from)} order by id`,
];

/** Their intents may touch anything, and their history says where they come from. */
const FINISH = sql`
  select setval(pg_get_serial_sequence('confiture.conflict', 'id'), coalesce(max(id), 0) + 1, false)
    from confiture.conflict;
  select setval(pg_get_serial_sequence('confiture.intent_history', 'id'), coalesce(max(id), 0) + 1, false)
    from confiture.intent_history;
  insert into confiture.touch (intent_id, schema, name, only_reads)
    select id, '', '*', false from confiture.intent
    where footprint is null and status not in ('merged', 'abandoned') on conflict do nothing;
  insert into confiture.intent_history (intent_id, new_status, reason, changed_by)
    select id, status, 'taken over from the tables of the old tool', session_user
    from confiture.intent i where footprint is null
      and not exists (select from confiture.intent_history h where h.intent_id = i.id and h.old_status is null);
  alter table confiture.intent enable trigger user;
  alter table confiture.conflict enable trigger user`;
