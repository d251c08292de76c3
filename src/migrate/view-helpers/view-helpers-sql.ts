import { type Sql, sql } from "../../sql/tag.ts";
import { describingFunctions, pinned } from "./view-helpers-describe.ts";
import { privilegeFunctions } from "./view-helpers-privileges.ts";

/** Grows whenever a statement here, or a function, changes. */
export const HELPERS_VERSION = 1;

/** Every function with the types of its arguments, those last that others call. */
export const HELPER_FUNCTIONS: readonly string[] = [
  "save_and_drop_dependent_views(text[])",
  "recreate_saved_views(boolean)",
  "dependent_views(oid)",
  "restore_view_privileges(oid, jsonb)",
  "view_definition(oid)",
  "view_index_settings(oid)",
  "view_privileges(oid)",
  "view_rules(oid)",
  "view_settings(oid)",
];

/** The second one belongs to the first. */
export const HELPER_TABLES: readonly string[] = ["saved_views", "saved_view_indexes"];

/** A row per view that is dropped and not recreated yet; the higher its id, the earlier it is recreated. */
const tables: readonly Sql[] = [
  sql`
create table confiture.saved_views (
  id bigint generated always as identity primary key,
  schema_name text not null,
  view_name text not null,
  kind text not null,
  depth integer not null,
  definition text not null,
  settings text[] not null,
  privileges jsonb not null,
  rules text[] not null,
  comment text,
  is_populated boolean not null,
  recreated boolean not null default false,
  error_message text,
  created_at timestamptz not null default now(),
  unique (schema_name, view_name)
)`,
  sql`
create table confiture.saved_view_indexes (
  view_id bigint not null references confiture.saved_views on delete cascade,
  index_name text not null,
  definition text not null,
  settings text[] not null,
  primary key (view_id, index_name)
)`,
];

/** Views that use a relation or its row type; in a rule only, where they do not select from it. */
const dependentViews = sql`
create function confiture.dependent_views(relation_oid oid) returns table (view_oid oid, selects boolean)
language sql stable ${pinned} as $function$
  select r.ev_class, bool_or(r.rulename = '_RETURN')
  from pg_class c left join pg_type t on t.oid = c.reltype
    cross join lateral (values ('pg_class'::regclass, c.oid), ('pg_type', t.oid), ('pg_type', t.typarray))
      as used (class, oid)
    join pg_depend d on d.refclassid = used.class and d.refobjid = used.oid and d.classid = 'pg_rewrite'::regclass
    join pg_rewrite r on r.oid = d.objid
    join pg_class v on v.oid = r.ev_class
  where c.oid = relation_oid and v.relkind in ('v', 'm') and v.oid <> c.oid
  group by r.ev_class
$function$`;

/**
 * Rows are written before anything is dropped, and in the order of dropping. Rules go first: through them views can
 * depend on each other in a circle. Nothing is dropped with CASCADE.
 */
const save = sql`
create function confiture.save_and_drop_dependent_views(tables text[]) returns integer
language plpgsql ${pinned} as $function$
declare
  dropped oid[];
  edge_from oid[];
  edge_to oid[];
  remaining oid[];
  ready oid[];
  ordered oid[] := '{}';
  depths integer[] := '{}';
  problem text;
  part record;
begin
  if coalesce(cardinality(tables), 0) = 0 then
    raise exception 'no table is named' using errcode = 'null_value_not_allowed',
      hint = 'For example: select confiture.save_and_drop_dependent_views(array[''public.orders''])';
  end if;
  select string_agg(coalesce(t, 'null'), ', ') into problem from unnest(tables) t where to_regclass(t) is null;
  if problem is not null then
    raise exception 'there is no table %', problem using errcode = 'undefined_table',
      hint = 'Write every name with its schema, as in public.orders.';
  end if;

  with recursive base as (
    select to_regclass(t)::oid as relation from unnest(tables) t
    union
    select i.inhrelid from base join pg_inherits i on i.inhparent = base.relation
  ), dependent as (
    select d.view_oid from base cross join lateral confiture.dependent_views(base.relation) d
    union
    select d.view_oid from dependent cross join lateral confiture.dependent_views(dependent.view_oid) d
  )
  select coalesce(array_agg(view_oid), '{}') into dropped from dependent;

  select string_agg(format('view %I.%I', n.nspname, c.relname), ', ') into problem
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.oid = any (dropped) and c.relpersistence = 't' and c.relnamespace <> pg_my_temp_schema();
  if problem is not null then
    raise exception 'another session has a temporary view that depends on it: %', problem
      using errcode = 'dependent_objects_still_exist';
  end if;

  with own (class, oid, view) as (
    select 'pg_class'::regclass, c.oid, c.oid from pg_class c where c.oid = any (dropped)
    union all select 'pg_class', i.indexrelid, i.indrelid from pg_index i where i.indrelid = any (dropped)
    union all select 'pg_type', t.oid, t.typrelid from pg_type t where t.typrelid = any (dropped)
    union all select 'pg_type', t.typarray, t.typrelid from pg_type t where t.typrelid = any (dropped)
    union all select 'pg_rewrite', r.oid, r.ev_class from pg_rewrite r where r.ev_class = any (dropped)
    union all select 'pg_trigger', t.oid, t.tgrelid from pg_trigger t where t.tgrelid = any (dropped)
    union all select 'pg_attrdef', d.oid, d.adrelid from pg_attrdef d where d.adrelid = any (dropped)
    union all select 'pg_statistic_ext', s.oid, s.stxrelid from pg_statistic_ext s where s.stxrelid = any (dropped)
  )
  select string_agg(distinct text, '; ') into problem from (
    select format('%s depends on %s', pg_describe_object(d.classid, d.objid, d.objsubid),
      pg_describe_object('pg_class'::regclass, own.view, 0)) as text
    from own join pg_depend d on d.refclassid = own.class and d.refobjid = own.oid
    where not exists (select from own other where other.class = d.classid and other.oid = d.objid)
      and not (d.classid = 'pg_class'::regclass and d.objid in (select reltoastrelid from pg_class where oid = any (dropped)))
    union all
    select format('%s belongs to %s', pg_describe_object('pg_class'::regclass, own.view, 0),
      pg_describe_object(d.refclassid, d.refobjid, 0))
    from own join pg_depend d on d.classid = own.class and d.objid = own.oid
    where d.deptype = 'e') blocker;
  if problem is not null then
    raise exception 'the views cannot be dropped and recreated: %', problem
      using errcode = 'dependent_objects_still_exist', hint = 'Drop what is no view yourself, and create it again afterwards.';
  end if;

  select array_agg(used.view_oid), array_agg(d.view_oid) into edge_from, edge_to
  from unnest(dropped) as used (view_oid) cross join lateral confiture.dependent_views(used.view_oid) d
  where d.selects;
  remaining := dropped;
  while cardinality(remaining) > 0 loop
    select array_agg(view_oid order by view_oid) into ready from unnest(remaining) as r (view_oid)
    where not exists (select from unnest(edge_from, edge_to) as e (used, view)
      where e.view = r.view_oid and e.used = any (remaining));
    if ready is null then
      select string_agg(view_oid::regclass::text, ', ') into problem from unnest(remaining) as r (view_oid);
      raise exception 'the views select from each other in a circle: %', problem
        using errcode = 'dependent_objects_still_exist';
    end if;
    depths := depths || array_fill(coalesce(depths[cardinality(depths)], 0) + 1, array[cardinality(ready)]);
    ordered := ordered || ready;
    remaining := array(select view_oid from unnest(remaining) as r (view_oid) where view_oid <> all (ready));
  end loop;

  with saved as (
    insert into confiture.saved_views
      (schema_name, view_name, kind, depth, definition, settings, privileges, rules, comment, is_populated)
    select n.nspname, c.relname, case c.relkind when 'm' then 'materialized view' else 'view' end, v.depth,
      confiture.view_definition(c.oid), confiture.view_settings(c.oid), confiture.view_privileges(c.oid),
      confiture.view_rules(c.oid), obj_description(c.oid, 'pg_class'), c.relkind = 'm' and c.relispopulated
    from unnest(ordered, depths) with ordinality as v (view_oid, depth, number)
      join pg_class c on c.oid = v.view_oid join pg_namespace n on n.oid = c.relnamespace
    order by v.number desc
    returning id, schema_name, view_name
  )
  insert into confiture.saved_view_indexes (view_id, index_name, definition, settings)
  select s.id, ic.relname, pg_get_indexdef(i.indexrelid), confiture.view_index_settings(i.indexrelid)
  from pg_index i join pg_class ic on ic.oid = i.indexrelid join pg_class c on c.oid = i.indrelid
    join pg_namespace n on n.oid = c.relnamespace
    join saved s on s.schema_name = n.nspname and s.view_name = c.relname
  where i.indrelid = any (dropped);

  for part in
    select r.rulename, n.nspname, c.relname
    from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
    where c.oid = any (dropped) and r.rulename <> '_RETURN'
  loop
    execute format('drop rule %I on %I.%I', part.rulename, part.nspname, part.relname);
  end loop;
  for part in
    select n.nspname, c.relname, case c.relkind when 'm' then 'materialized view' else 'view' end
      as kind
    from unnest(ordered) with ordinality as v (view_oid, number) join pg_class c on c.oid = v.view_oid
      join pg_namespace n on n.oid = c.relnamespace
    order by v.number desc
  loop
    execute format('drop %s %I.%I', part.kind, part.nspname, part.relname);
  end loop;
  return cardinality(ordered);
end
$function$`;

/**
 * Every view in the reverse order of dropping, then every rule, as a rule may name any view. One that fails undoes
 * all of it, or stays saved with its error where the caller says so.
 */
const recreate = sql`
create function confiture.recreate_saved_views(keep_failed boolean default false) returns integer
language plpgsql ${pinned} as $function$
declare
  recreated_views integer := 0;
  failures text[] := '{}';
  saved record;
  part record;
  statement text;
  target text;
begin
  for saved in select * from confiture.saved_views where not recreated order by id desc loop
    target := format('%I.%I', saved.schema_name, saved.view_name);
    begin
      execute saved.definition;
      foreach statement in array saved.settings loop
        execute statement;
      end loop;
      for part in select * from confiture.saved_view_indexes where view_id = saved.id order by index_name loop
        execute part.definition;
        foreach statement in array part.settings loop
          execute statement;
        end loop;
      end loop;
      if saved.is_populated then
        execute format('refresh materialized view %s', target);
      end if;
      perform confiture.restore_view_privileges(target::regclass::oid, saved.privileges);
      update confiture.saved_views set recreated = true, error_message = null where id = saved.id;
    exception when others then
      failures := failures || format('%s: %s', target, sqlerrm);
      update confiture.saved_views set error_message = sqlerrm where id = saved.id;
    end;
  end loop;

  for saved in select * from confiture.saved_views where recreated order by id desc loop
    begin
      foreach statement in array saved.rules loop
        execute statement;
      end loop;
      delete from confiture.saved_views where id = saved.id;
      recreated_views := recreated_views + 1;
    exception when others then
      failures := failures || format('%I.%I: %s', saved.schema_name, saved.view_name, sqlerrm);
      update confiture.saved_views set error_message = sqlerrm where id = saved.id;
    end;
  end loop;

  if cardinality(failures) > 0 and not keep_failed then
    raise exception '% of the saved views cannot be recreated: %', cardinality(failures), array_to_string(failures, '; ')
      using hint = 'Before it is called, correct the definition in confiture.saved_views, or delete the row and create the view anew.';
  elsif cardinality(failures) > 0 then
    raise warning '% of the saved views cannot be recreated, and stay in confiture.saved_views: %',
      cardinality(failures), array_to_string(failures, '; ');
  end if;
  return recreated_views;
end
$function$`;

/** Everything in schema `confiture`, in order of creation. */
export const helperStatements: readonly Sql[] = [
  ...tables,
  ...describingFunctions,
  ...privilegeFunctions,
  dependentViews,
  save,
  recreate,
];
