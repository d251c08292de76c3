import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone } from "../scope.ts";

const row = z.object({
  name: z.string(),
  /** Of what it is the storage. */
  type: z.enum(["index", "table"]),
  handler: z.string(),
});
type AccessMethod = z.infer<typeof row>;

export const accessMethod: Kind<AccessMethod> = defineKind({
  name: "access-method",
  folder: "languages",
  catalog: "pg_am",
  key: ["name"],
  label: (a) => ident(a.name),
  row,
  query: () => sql`
    select a.oid, a.amname as name, case a.amtype when 'i' then 'index' when 't' then 'table' end as type,
      a.amhandler::text as handler
    from pg_am a where a.oid >= 16384 and ${standsAlone("pg_am", "a")}`,
  create: (a) => `create access method ${ident(a.name)} type ${a.type} handler ${a.handler}`,
  drop: (a) => `drop access method ${ident(a.name)}`,
});
