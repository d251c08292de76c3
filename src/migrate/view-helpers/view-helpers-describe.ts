import { type Sql, sql } from "../../sql/tag.ts";

/**
 * What every helper function runs under, whatever the session has set: names are printed with their schema,
 * constants in a form that any session reads, and nothing lands in a default tablespace.
 */
export const pinned: Sql = sql`set search_path = pg_catalog, pg_temp
  set default_tablespace = '' set datestyle = 'ISO' set intervalstyle = 'postgres' set extra_float_digits = 1`;

/** `name=value` texts of the catalog as the inside of WITH (…) or SET (…). */
const optionList = (options: string, prefix = ""): Sql =>
  sql.raw(`(select string_agg(format('${prefix}%I=%L', split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)), ', ')
      from unnest(${options}) o)`);

const definition = sql`
create function confiture.view_definition(view_oid oid) returns text
language sql stable ${pinned} as $function$
  select case c.relkind
    when 'v' then format('create view %I.%I%s as %s', n.nspname, c.relname,
      ' with (' || own.options || ')', rtrim(pg_get_viewdef(c.oid), ';'))
    else format('create materialized view %I.%I using %I%s tablespace %I as %s with no data', n.nspname, c.relname,
      am.amname, ' with (' || nullif(concat_ws(', ', own.options, own.toast_options), '') || ')', s.spcname,
      rtrim(pg_get_viewdef(c.oid), ';'))
    end
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_database d on d.datname = current_database()
    join pg_tablespace s on s.oid = coalesce(nullif(c.reltablespace, 0), d.dattablespace)
    left join pg_am am on am.oid = c.relam
    left join pg_class toast on toast.oid = c.reltoastrelid
    cross join lateral (select ${optionList("c.reloptions")} as options,
      ${optionList("toast.reloptions", "toast.")} as toast_options) own
  where c.oid = view_oid
$function$`;

/** Statements that follow the definition, but for indexes, privileges, rules and the rows. */
const settings = sql`
create function confiture.view_settings(view_oid oid) returns text[]
language sql stable ${pinned} as $function$
  with target as (
    select c.*, format('%I.%I', n.nspname, c.relname) as name,
      case c.relkind when 'm' then 'materialized view' else 'view' end
      as kind
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = view_oid
  ), statement (phase, number, step, text) as (
    select 1, 0, 0, format('alter %s %s owner to %I', kind, name, pg_get_userbyid(relowner)) from target
    union all
    select 2, d.adnum, 0, format('alter view %s alter column %I set default %s', v.name, a.attname,
      pg_get_expr(d.adbin, d.adrelid))
    from target v join pg_attrdef d on d.adrelid = v.oid
      join pg_attribute a on a.attrelid = v.oid and a.attnum = d.adnum
    union all
    select 3, a.attnum, 0, format('alter materialized view %s alter column %I set %s', v.name, a.attname, change)
    from target v join pg_attribute a on a.attrelid = v.oid and a.attnum > 0 join pg_type t on t.oid = a.atttypid
      cross join lateral (values
        ('statistics ' || case when a.attstattarget >= 0 then a.attstattarget end),
        ('storage ' || case when a.attstorage <> t.typstorage then
          case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end end),
        ('compression ' || case to_jsonb(a) ->> 'attcompression' when 'p' then 'pglz' when 'l' then 'lz4' end),
        ('(' || ${optionList("a.attoptions")} || ')')) as changes (change)
    where v.relkind = 'm' and change is not null
    union all
    select 4, 0, 0, format('alter materialized view %s replica identity %s', name,
      case relreplident when 'f' then 'full' else 'nothing' end)
    from target where relkind = 'm' and relreplident in ('f', 'n')
    union all
    select 5, t.oid::bigint, each.step, each.text
    from target v join pg_trigger t on t.tgrelid = v.oid and not t.tgisinternal
      cross join lateral (
        select 1 as step, pg_get_triggerdef(t.oid) as text
        union all
        select 2, format('comment on trigger %I on %s is %L', t.tgname, v.name, obj_description(t.oid, 'pg_trigger'))
        where obj_description(t.oid, 'pg_trigger') is not null
        union all
        select 3, format('alter trigger %I on %s depends on extension %I', t.tgname, v.name, e.extname)
        from pg_depend d join pg_extension e on e.oid = d.refobjid
        where d.classid = 'pg_trigger'::regclass and d.objid = t.oid and d.deptype = 'x') each
    union all
    select 6, s.oid::bigint, each.step, each.text
    from target v join pg_statistic_ext s on s.stxrelid = v.oid join pg_namespace n on n.oid = s.stxnamespace
      cross join lateral (select format('%I.%I', n.nspname, s.stxname) as name) own
      cross join lateral (
        select 1 as step, pg_get_statisticsobjdef(s.oid) as text
        union all
        select 2, format('alter statistics %s owner to %I', own.name, pg_get_userbyid(s.stxowner))
        union all
        select 3, format('alter statistics %s set statistics %s', own.name, s.stxstattarget)
        where s.stxstattarget >= 0
        union all
        select 4, format('comment on statistics %s is %L', own.name, obj_description(s.oid, 'pg_statistic_ext'))
        where obj_description(s.oid, 'pg_statistic_ext') is not null) each
    union all
    select 7, 0, 0, format('alter materialized view %s depends on extension %I', v.name, e.extname)
    from target v join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = v.oid and d.deptype = 'x'
      join pg_extension e on e.oid = d.refobjid
    union all
    select 8, d.objsubid, 0, case d.objsubid when 0 then format('comment on %s %s is %L', v.kind, v.name, d.description)
      else format('comment on column %s.%I is %L', v.name, a.attname, d.description) end
    from target v join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = v.oid
      left join pg_attribute a on a.attrelid = v.oid and a.attnum = d.objsubid
    union all
    select 8, -1, 0, format('comment on type %s is %L', name, obj_description(reltype, 'pg_type'))
    from target where obj_description(reltype, 'pg_type') is not null
    union all
    select 9, l.objsubid, 0, case l.objsubid
      when 0 then format('security label for %I on %s %s is %L', l.provider, v.kind, v.name, l.label)
      else format('security label for %I on column %s.%I is %L', l.provider, v.name, a.attname, l.label) end
    from target v join pg_seclabel l on l.classoid = 'pg_class'::regclass and l.objoid = v.oid
      left join pg_attribute a on a.attrelid = v.oid and a.attnum = l.objsubid
  )
  select coalesce(array_agg(text order by phase, number, step), '{}') from statement
$function$`;

/** Statements that follow the creation of a materialized view's index. */
const indexSettings = sql`
create function confiture.view_index_settings(index_oid oid) returns text[]
language sql stable ${pinned} as $function$
  with target as (
    select i.*, c.reltablespace, c.relname, format('%I.%I', n.nspname, c.relname) as name,
      format('%I.%I', n.nspname, v.relname) as view_name
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class v on v.oid = i.indrelid
      join pg_namespace n on n.oid = c.relnamespace
    where i.indexrelid = index_oid
  ), statement (number, text) as (
    select 1, format('alter index %s set tablespace %I', i.name, s.spcname)
    from target i join pg_tablespace s on s.oid = i.reltablespace
    union all
    select 2, format('alter index %s alter column %s set statistics %s', i.name, a.attnum, a.attstattarget)
    from target i join pg_attribute a on a.attrelid = i.indexrelid and a.attnum > 0 and a.attstattarget >= 0
    union all
    select 3, format('alter materialized view %s cluster on %I', view_name, relname) from target where indisclustered
    union all
    select 4, format('comment on index %s is %L', name, obj_description(indexrelid, 'pg_class'))
    from target where obj_description(indexrelid, 'pg_class') is not null
    union all
    select 5, format('alter index %s depends on extension %I', i.name, e.extname)
    from target i join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.deptype = 'x'
      join pg_extension e on e.oid = d.refobjid
  )
  select coalesce(array_agg(text order by number), '{}') from statement
$function$`;

/** Every rule but the one that makes it a view. */
const rules = sql`
create function confiture.view_rules(view_oid oid) returns text[]
language sql stable ${pinned} as $function$
  select coalesce(array_agg(each.text order by r.rulename, each.number), '{}')
  from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
    cross join lateral (
      select 1 as number, pg_get_ruledef(r.oid) as text
      union all
      select 2, format('comment on rule %I on %I.%I is %L', r.rulename, n.nspname, c.relname,
        obj_description(r.oid, 'pg_rewrite'))
      where obj_description(r.oid, 'pg_rewrite') is not null) each
  where r.ev_class = view_oid and r.rulename <> '_RETURN'
$function$`;

/** Functions that put into words all there is to a view. */
export const describingFunctions: readonly Sql[] = [definition, settings, indexSettings, rules];
