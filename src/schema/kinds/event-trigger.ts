import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { ENABLING, enabledIn, enabledState } from "../enabled.ts";
import { defineKind, type Kind } from "../kind.ts";
import { text } from "../quoting.ts";
import { standsAlone } from "../scope.ts";

const row = z.object({
  name: z.string(),
  event: z.string(),
  tags: z.array(z.string()),
  function: z.string(),
  enabled: enabledState,
});
type EventTrigger = z.infer<typeof row>;

const enable = (t: EventTrigger) => `alter event trigger ${ident(t.name)} ${ENABLING[t.enabled]}`;

function definition(t: EventTrigger): string {
  const tags = t.tags.map(text).join(", ");
  const when = tags === "" ? "" : ` when tag in (${tags})`;
  return `create event trigger ${ident(t.name)} on ${t.event}${when} execute function ${t.function}()`;
}

export const eventTrigger: Kind<EventTrigger> = defineKind({
  name: "event-trigger",
  folder: "event_triggers",
  catalog: "pg_event_trigger",
  key: ["name"],
  label: (t) => ident(t.name),
  row,
  query: () => sql`
    select t.oid, t.evtname as name, t.evtevent as event, array(select unnest(t.evttags) order by 1) as tags,
      t.evtfoid::regproc::text as function, ${enabledIn("t.evtenabled")} as enabled
    from pg_event_trigger t where ${standsAlone("pg_event_trigger", "t")}`,
  create: (t) => (t.enabled === "origin" ? definition(t) : [definition(t), enable(t)]),
  drop: (t) => `drop event trigger ${ident(t.name)}`,
  alter: { enabled: enable },
});
