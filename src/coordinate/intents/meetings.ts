import type { Connection } from "../../pg/connection.ts";
import { type Sql, sql } from "../../sql/tag.ts";
import type { Footprint } from "../footprint/touch.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { conflictsOf, type Found } from "./conflict.ts";
import { isLive } from "./intent.ts";
import { OPAQUE, type TouchedName, touchedNames } from "./touched-names.ts";

/** What a newcomer's change and another are to each other. */
export type Judge = (newcomer: Footprint, other: Footprint) => Verdict;

/** A conflict of a newcomer with an intent that was there before. */
export interface Meeting extends Found {
  readonly intent_b: string;
  readonly agent_b: string;
}

interface Other {
  readonly id: string;
  readonly agent_id: string;
  readonly footprint: Footprint | null;
}

/**
 * All that stands between a newcomer and the live intents of other agents, those that were there first before others.
 * Only the intents travel whose names meet the newcomer's.
 */
export async function findMeetings(
  db: Connection,
  { agentId, footprint }: { readonly agentId: string; readonly footprint: Footprint },
  judge: Judge,
): Promise<Meeting[]> {
  const others = await db.rows<Other & Record<string, unknown>>(sql`
    select i.id, i.agent_id, i.footprint from confiture.intent i
    where i.agent_id <> ${agentId} and ${isLive} and ${meets(touchedNames(footprint))} order by i.seq`);
  return others.flatMap(({ id, agent_id: agent, footprint: theirs }) =>
    conflictsOf(judge(footprint, theirs ?? OPAQUE)).map((found) => ({
      ...found,
      intent_b: id,
      agent_b: agent,
    })),
  );
}

/** The same name, in schemas that are or may be the same; and all where one of both may be any name. */
function meets(names: readonly TouchedName[]): Sql {
  const anywhere = names.some(({ schema, name }) => schema === "" && name === "*");
  if (anywhere) return sql`true`;
  const schemas = [...new Set(names.map(({ schema }) => schema))];
  const whole = names.filter(({ name }) => name === "*").map(({ schema }) => schema);
  return sql`i.id in (
    select t.intent_id from unnest(${names.map(({ schema }) => schema)}::text[], ${names.map(({ name }) => name)}::text[],
        ${names.map((name) => name.only_reads)}::bool[]) as w (schema, name, only_reads)
      join confiture.touch t on t.name = w.name and (t.schema = w.schema or t.schema = '' or w.schema = '')
        and not (t.only_reads and w.only_reads)
    union all
    select t.intent_id from confiture.touch t
    where t.name = '*' and (t.schema = '' or t.schema = any (${schemas}::text[]) or ${schemas.includes("")})
    union all
    select t.intent_id from confiture.touch t where t.schema = any (${whole.length > 0 ? [...whole, ""] : []}::text[]))`;
}
