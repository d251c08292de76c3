import * as z from "zod";
import { sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone } from "../scope.ts";

const row = z.object({
  source: z.string(),
  target: z.string(),
  /** With the types of its arguments; null when it goes through text or needs nothing. */
  function: z.string().nullable(),
  method: z.enum(["function", "inout", "binary"]),
  context: z.enum(["explicit", "assignment", "implicit"]),
});
type Cast = z.infer<typeof row>;

const WITH = { function: "with function", inout: "with inout", binary: "without function" };

/** Those that PostgreSQL has for every range are no objects. */
export const cast: Kind<Cast> = defineKind({
  name: "cast",
  folder: "operators",
  catalog: "pg_cast",
  key: ["source", "target"],
  label: (c) => `(${c.source} as ${c.target})`,
  row,
  query: () => sql`
    select c.oid, format_type(c.castsource, null) as source, format_type(c.casttarget, null) as target,
      nullif(c.castfunc, 0)::regprocedure::text as function,
      case c.castmethod when 'f' then 'function' when 'i' then 'inout' else 'binary' end as method,
      case c.castcontext when 'e' then 'explicit' when 'a' then 'assignment' else 'implicit' end as context
    from pg_cast c where c.oid >= 16384 and ${standsAlone("pg_cast", "c")}`,
  create: (c) =>
    [
      `create cast (${c.source} as ${c.target}) ${WITH[c.method]}`,
      ...(c.function === null ? [] : [c.function]),
      ...(c.context === "explicit" ? [] : [`as ${c.context}`]),
    ].join(" "),
  drop: (c) => `drop cast (${c.source} as ${c.target})`,
});
