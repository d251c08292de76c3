import type { Footprint, Touch } from "../../src/coordinate/footprint/touch.ts";
import { init } from "../../src/coordinate/init.ts";
import type { Judge } from "../../src/coordinate/intents/meetings.ts";
import type { Registration } from "../../src/coordinate/intents/registration.ts";
import type { Clash } from "../../src/coordinate/verdict/verdict.ts";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { type TestDatabase, testDatabase } from "./database.ts";

/** A database with the tables of coordination. */
export async function coordinated(): Promise<TestDatabase> {
  const database = await testDatabase();
  await using db = await Connection.open(database.url);
  await init(db);
  return database;
}

/** The tables that the old tool made, as it made them, with rows. */
export const OLD_TABLES = `
  create table tb_pggit_intent (id varchar(64) primary key, agent_id varchar(255) not null,
    feature_name varchar(255) not null, branch_name varchar(255) unique not null, schema_changes jsonb default '[]',
    tables_affected jsonb default '[]', estimated_duration_ms integer default 0, risk_level varchar(50) default 'low',
    status varchar(50) default 'registered', conflicts_with jsonb default '[]', metadata jsonb default '{}',
    created_at timestamptz default now(), updated_at timestamptz default now());
  create table tb_pggit_conflict (id serial primary key, intent_a varchar(64) not null
    references tb_pggit_intent (id) on delete cascade, intent_b varchar(64) not null
    references tb_pggit_intent (id) on delete cascade, conflict_type varchar(50) not null, affected_objects jsonb default '[]',
    severity varchar(50) not null, resolution_suggestions jsonb default '[]', reviewed boolean default false,
    reviewed_at timestamptz, resolution_notes text, created_at timestamptz default now());
  create table tb_pggit_intent_history (id serial primary key, intent_id varchar(64) not null
    references tb_pggit_intent (id) on delete cascade, old_status varchar(50), new_status varchar(50) not null, reason text,
    changed_by varchar(255) default 'system', changed_at timestamptz default now());
  insert into tb_pggit_intent (id, agent_id, feature_name, branch_name, schema_changes, status, created_at) values
    ('8d3c54a0-5cf1-4c0c-9d5e-7f0f3f1a0001', 'old a', 'tax', 'feature/tax', '["alter table t add column tax int"]', 'in_progress', '2025-01-01'),
    ('8d3c54a0-5cf1-4c0c-9d5e-7f0f3f1a0002', 'old b', 'tax', 'feature/tax_001', '["alter table t add column tax int"]', 'conflicted', '2025-01-02'),
    ('8d3c54a0-5cf1-4c0c-9d5e-7f0f3f1a0003', 'old c', 'done', 'feature/done', '[]', 'merged', '2025-01-03');
  insert into tb_pggit_conflict (id, intent_a, intent_b, conflict_type, affected_objects, severity)
    values (7, '8d3c54a0-5cf1-4c0c-9d5e-7f0f3f1a0002', '8d3c54a0-5cf1-4c0c-9d5e-7f0f3f1a0001', 'column', '["t.tax"]', 'error');
  insert into tb_pggit_intent_history (id, intent_id, old_status, new_status, reason)
    values (3, '8d3c54a0-5cf1-4c0c-9d5e-7f0f3f1a0001', 'registered', 'in_progress', 'go')`;

/** The column of a table, in this mode, and the table that it is part of. */
export function footprint(
  table: string,
  column: string,
  mode: Touch["mode"] = "change shape",
  schema: string | null = "public",
): Footprint {
  const object = { type: "relation", schema, name: table, part: null };
  const part = { ...object, part: { type: "column", name: column } };
  return {
    statements: [
      { file: null, line: 1, operation: "ALTER TABLE", meaning: `${table}.${column} ${mode}`, locks: [] },
    ],
    touches: [
      { object, mode: "add child", statement: 0, via: null },
      { object: part, mode, statement: 0, via: null },
    ],
  };
}

/** A judge that knows one rule: the same object in modes other than reading, or anything opaque, is a conflict. */
export const simpleJudge: Judge = (a, b) => {
  const changes = ({ touches }: Footprint) =>
    touches.filter(
      ({ mode, object }) => mode === "opaque" || (object.part !== null && !mode.startsWith("read")),
    );
  const clashes = changes(a).flatMap((mine) =>
    changes(b)
      .filter(
        (theirs) =>
          [mine.mode, theirs.mode].includes("opaque") ||
          JSON.stringify(mine.object) === JSON.stringify(theirs.object),
      )
      .map((theirs) => clash(mine, theirs)),
  );
  return { relation: clashes.length > 0 ? "conflict" : "independent", clashes };
};

function clash(mine: Touch, theirs: Touch): Clash {
  const place = { file: null, line: 1, operation: "ALTER TABLE" };
  const isOpaque = [mine.mode, theirs.mode].includes("opaque");
  const isWarning = mine.mode === "write data" && theirs.mode === "write data";
  return {
    type: isOpaque ? "dependency" : "column",
    relation: isOpaque ? "opaque" : "conflict",
    severity: isWarning ? "warning" : "error",
    object: theirs.object,
    a: { ...place, mode: mine.mode },
    b: { ...place, mode: theirs.mode },
    explanation: "both change it",
    suggestion: "talk to each other",
  };
}

/** What an agent says when it changes the type of a column. */
export const intends = (
  agentId: string,
  table = "users",
  column = "email",
  more: Partial<Registration> = {},
): Registration => ({
  agentId,
  featureName: "a feature",
  schemaChanges: [`alter table ${table} alter column ${column} type text`],
  footprint: footprint(table, column),
  ...more,
});

/** Let the lease of an intent pass. */
export const letPass = (db: Connection, id: string): Promise<number> =>
  db.run(
    sql`update confiture.intent set lease_expires_at = clock_timestamp() - interval '1 second' where id = ${id}`,
  );
