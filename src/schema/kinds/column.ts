import * as z from "zod";
import type { Server } from "../../pg/connection.ts";
import { ident, type Sql, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { userSchema } from "../scope.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  type: z.string(),
  /** Only when it is not the type's. */
  collation: z.string().nullable(),
  not_null: z.boolean(),
  /** What a not-null constraint may say since PostgreSQL 18: `not valid`, `no inherit`. */
  not_null_option: z.string().nullable(),
  default: z.string().nullable(),
  identity: z.enum(["always", "by default"]).nullable(),
  /** Options of the identity's sequence that are not the default ones. */
  identity_options: z.string().nullable(),
  generated: z.enum(["stored", "virtual"]).nullable(),
  expression: z.string().nullable(),
  /** Only when it is not the type's. */
  storage: z.string().nullable(),
  compression: z.string().nullable(),
  statistics: z.number().nullable(),
  /** Planner options such as n_distinct. */
  options: z.array(z.string()).nullable(),
});
type Column = z.infer<typeof row>;

/** What a sequence made without options has: 1, 2, 3 to the end of its type. */
const identityOptions = sql`
  case when a.attidentity <> '' then (
    select nullif(concat_ws(' ',
      case when s.seqincrement <> 1 then 'increment ' || s.seqincrement end,
      case when s.seqmin <> 1 then 'minvalue ' || s.seqmin end,
      case when s.seqmax <> case s.seqtypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647
        else 9223372036854775807 end then 'maxvalue ' || s.seqmax end,
      case when s.seqstart <> 1 then 'start ' || s.seqstart end,
      case when s.seqcache <> 1 then 'cache ' || s.seqcache end,
      case when s.seqcycle then 'cycle' end), '')
    from pg_depend d join pg_sequence s on s.seqrelid = d.objid
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype = 'i'
      and d.refobjid = a.attrelid and d.refobjsubid = a.attnum) end`;

const notNullOption = (server: Server): Sql =>
  server.major < 18
    ? sql`null`
    : sql`case when nn.oid is null then null when not nn.convalidated then 'not valid'
        when nn.connoinherit then 'no inherit' end`;

const notNullJoin = (server: Server): Sql =>
  server.major < 18
    ? sql``
    : sql`left join pg_constraint nn on nn.contype = 'n' and nn.conrelid = a.attrelid
        and nn.conkey = array[a.attnum] and (not nn.convalidated or nn.connoinherit)`;

/**
 * Columns declared by their table; what a child inherits is said by its parent. Their order is not compared.
 * A default names no column, so it is printed without its table, which takes the server a third of the time.
 */
export const column: Kind<Column> = defineKind({
  name: "column",
  catalog: "pg_class",
  key: ["schema", "table", "name"],
  label: (a) => ident(a.schema, a.table, a.name),
  drift: { counted: "columns", types: { not_null: "nullable_mismatch" } },
  row,
  query: (server) => sql`
    select a.attrelid as oid, a.attnum as sub, a.attrelid as of_oid,
      n.nspname as schema, c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end as collation,
      a.attnotnull as not_null, ${notNullOption(server)} as not_null_option,
      case when a.attgenerated = '' then pg_get_expr(d.adbin, 0) end as default,
      case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as identity,
      ${identityOptions} as identity_options,
      case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end as generated,
      case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end as expression,
      case when a.attstorage <> t.typstorage then case a.attstorage when 'p' then 'plain' when 'e' then 'external'
        when 'm' then 'main' else 'extended' end end as storage,
      ${server.major < 14 ? sql`null` : sql`case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end`}
        as compression,
      nullif(a.attstattarget, -1) as statistics,
      case when a.attoptions is not null then array(select unnest(a.attoptions) order by 1) end as options
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_type t on t.oid = a.atttypid
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum ${notNullJoin(server)}
    where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
      and (a.attislocal or a.attinhcount = 0) and ${userSchema}`,
  within: (a) => a.of,
});
