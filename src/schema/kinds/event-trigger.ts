import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone } from "../scope.ts";

const row = z.object({
  name: z.string(),
  event: z.string(),
  tags: z.array(z.string()),
  function: z.string(),
  enabled: z.enum(["origin", "disabled", "replica", "always"]),
});
type EventTrigger = z.infer<typeof row>;

export const eventTrigger: Kind<EventTrigger> = defineKind({
  name: "event-trigger",
  catalog: "pg_event_trigger",
  key: ["name"],
  label: (t) => ident(t.name),
  row,
  query: () => sql`
    select t.oid, t.evtname as name, t.evtevent as event, array(select unnest(t.evttags) order by 1) as tags,
      t.evtfoid::regproc::text as function,
      case t.evtenabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always'
        else 'origin' end as enabled
    from pg_event_trigger t where ${standsAlone("pg_event_trigger", "t")}`,
});
