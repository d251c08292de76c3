import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { ownerName, userSchema } from "../scope.ts";
import { subscriptionHere, subscriptionOid } from "../subscription-oid.ts";

const row = z.object({
  of: z.string(),
  /** Null when the builder owns it, and of an owned sequence, which follows its table. */
  owner: z.string().nullable(),
});
type Owner = z.infer<typeof row>;

/** Catalogs of objects that stand in a schema, each with the column of the schema and of the owner. */
const IN_SCHEMAS = [
  ["pg_proc", "pronamespace", "proowner"],
  ["pg_statistic_ext", "stxnamespace", "stxowner"],
  ["pg_operator", "oprnamespace", "oprowner"],
  ["pg_opfamily", "opfnamespace", "opfowner"],
  ["pg_opclass", "opcnamespace", "opcowner"],
  ["pg_collation", "collnamespace", "collowner"],
  ["pg_conversion", "connamespace", "conowner"],
  ["pg_ts_dict", "dictnamespace", "dictowner"],
  ["pg_ts_config", "cfgnamespace", "cfgowner"],
] as const;

const ELSEWHERE = [
  ["pg_event_trigger", "evtowner"],
  ["pg_publication", "pubowner"],
  ["pg_language", "lanowner"],
  ["pg_foreign_data_wrapper", "fdwowner"],
  ["pg_foreign_server", "srvowner"],
] as const;

const others = sql.raw(
  [
    ...IN_SCHEMAS.map(
      ([catalog, schema, owner]) => `select '${catalog}' as of_catalog, o.oid as of_oid, o.${owner} as owner
        from ${catalog} o join pg_namespace n on n.oid = o.${schema} where ${userSchema.text}`,
    ),
    ...ELSEWHERE.map(([catalog, owner]) => `select '${catalog}', o.oid, o.${owner} from ${catalog} o`),
  ].join(" union all "),
);

const alter = (to: Owner, place: { address(of: string): string }) =>
  to.owner === null ? [] : `alter ${place.address(to.of)} owner to ${ident(to.owner)}`;

/** Indexes, triggers and the like have no owner of their own. */
export const owner: Kind<Owner> = defineKind({
  name: "owner",
  catalog: "pg_shdepend",
  key: ["of"],
  label: (o) => `of ${o.of}`,
  drift: { type: "wrong_owner", severity: "critical" },
  row,
  environmental: "owner",
  query: ({ major }, { builder, mainOwner }) => sql`
    select null::oid as oid, o.of_catalog, o.of_oid, ${ownerName("o.owner", mainOwner ?? builder)} as owner
    from (
      select 'pg_namespace' as of_catalog, n.oid as of_oid, n.nspowner as owner from pg_namespace n
      where ${userSchema}
      union all
      select 'pg_class', c.oid, case when c.relkind = 'S' and exists (
          select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
            and d.refclassid = 'pg_class'::regclass and d.deptype = 'a') then null else c.relowner end
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and ${userSchema}
      union all
      select 'pg_type', t.oid, t.typowner from pg_type t join pg_namespace n on n.oid = t.typnamespace
      where (t.typtype in ('b', 'e', 'd', 'r', 'p')
        or t.typtype = 'c' and (select c.relkind = 'c' from pg_class c where c.oid = t.typrelid)) and ${userSchema}
      union all
      ${others}
      union all
      select 'pg_subscription', ${subscriptionOid(major)}, s.subowner from pg_subscription s
      where ${subscriptionHere}
    ) o`,
  within: (o) => o.of,
  roles: ({ owner: role }) => (role === null ? [] : [role]),
  same: { owner: (from, to) => from === null || to === null || from === to },
  create: alter,
  drop: () => [],
  alter: { owner: (to, _from, place) => alter(to, place) },
});
