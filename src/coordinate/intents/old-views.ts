import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { ident, identSql, sql } from "../../sql/tag.ts";

/** Ids of the intents that an intent is in conflict with, as JSON; `i` is the intent. */
export const conflictsWith = sql`
  coalesce((select jsonb_agg(distinct case when c.intent_a = i.id then c.intent_b else c.intent_a end)
    from confiture.conflict c where c.intent_a = i.id or c.intent_b = i.id), '[]')`;

/** By their names, what the old tool's tables of these names held, column by column. */
const VIEWS = {
  tb_pggit_intent: sql`
    select i.id::varchar(64) as id, i.agent_id::varchar(255) as agent_id,
      i.feature_name::varchar(255) as feature_name, i.branch_name::varchar(255) collate "default" as branch_name,
      i.schema_changes, i.tables_affected,
      least(i.estimated_duration_ms, 2147483647)::int as estimated_duration_ms,
      i.risk_level::varchar(50) as risk_level, i.status::varchar(50) as status,
      ${conflictsWith} as conflicts_with, i.metadata, i.created_at, i.updated_at
    from confiture.intent i`,
  tb_pggit_conflict: sql`
    select id::int as id, intent_a::varchar(64) as intent_a, intent_b::varchar(64) as intent_b,
      conflict_type::varchar(50) as conflict_type, affected_objects, severity::varchar(50) as severity,
      resolution_suggestions, reviewed, reviewed_at, resolution_notes, created_at
    from confiture.conflict`,
  tb_pggit_intent_history: sql`
    select id::int as id, intent_id::varchar(64) as intent_id, old_status::varchar(50) as old_status,
      new_status::varchar(50) as new_status, reason, changed_by::varchar(255) as changed_by, changed_at
    from confiture.intent_history`,
};

/**
 * Make the views for readers of the old tool, in a schema or else in the first of the search path; gives their names.
 * Throws COORD_1009 where there is no such schema, or something else bears such a name.
 */
export async function makeOldViews(db: Connection, where?: string): Promise<string[]> {
  const [place] = await db.rows<{ schema: string | null }>(sql`select current_schema()::text as schema`);
  const schema = where ?? place?.schema;
  if (schema == null) {
    throw new ConfitureError(
      "COORD_1009",
      "no schema of the search path exists, so the views have no place",
      {
        actionable: "Set a search_path, then run the command again.",
      },
    );
  }
  const others = await db.rows<{ name: string }>(sql`
    select c.relname::text as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relname = any (${Object.keys(VIEWS)}::text[]) and c.relkind <> 'v'`);
  if (others.length > 0) {
    const names = others.map(({ name }) => ident(schema, name));
    throw new ConfitureError("COORD_1009", `${names.join(", ")} is in the way of a view of that name`);
  }
  for (const [name, query] of Object.entries(VIEWS))
    await db.run(sql`create or replace view ${identSql(schema, name)} as ${query}`);
  return Object.keys(VIEWS).map((name) => ident(schema, name));
}
