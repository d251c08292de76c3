import { type Sql, sql } from "../../sql/tag.ts";
import { pinned } from "./view-helpers-describe.ts";

/**
 * Every privilege on a view, its columns and its row type, as JSON and in an order in which they can be granted:
 * what lets a grantor grant comes first. A grantee of null is PUBLIC.
 */
const read = sql`
create function confiture.view_privileges(view_oid oid) returns jsonb
language sql stable ${pinned} as $function$
  with recursive given as (
    select 'table' as object, null::name as part, c.relowner as owner, x.*
    from pg_class c cross join aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) x
    where c.oid = view_oid
    union all
    select 'table', a.attname, c.relowner, x.*
    from pg_class c join pg_attribute a on a.attrelid = c.oid cross join aclexplode(a.attacl) x
    where c.oid = view_oid and a.attnum > 0
    union all
    select 'type', null, t.typowner, x.*
    from pg_type t cross join aclexplode(coalesce(t.typacl, acldefault('T', t.typowner))) x
    where t.typrelid = view_oid
  ), chain as (
    select given.*, 0 as level from given where grantor = owner
    union
    select g.*, c.level + 1
    from chain c join given g on g.object = c.object and g.grantor = c.grantee and g.privilege_type = c.privilege_type
      and (c.part is null or g.part = c.part)
    where c.is_grantable and g.grantor <> g.owner
  ), first as (
    select object, part, grantor, grantee, privilege_type, is_grantable, min(level) as level
    from chain group by 1, 2, 3, 4, 5, 6
  ), named as (
    select object, part as column, pg_get_userbyid(grantor) as grantor,
      case when grantee <> 0 then pg_get_userbyid(grantee) end as grantee,
      privilege_type as privilege, is_grantable as grantable, level
    from first
  )
  select coalesce(jsonb_agg(to_jsonb(named) order by level, object, named.column nulls first, privilege, grantor, grantee), '[]')
  from named
$function$`;

/** Take away what default privileges gave, grant what was there, each by its own grantor, and look at the outcome. */
const restore = sql`
create function confiture.restore_view_privileges(view_oid oid, wanted jsonb) returns void
language plpgsql ${pinned} as $function$
declare
  role_before text := current_setting('role');
  target text;
  owner text;
  changed text[];
  part record;
begin
  select array_agg(object) into changed from unnest(array['table', 'type']) as object
  where jsonb_path_query_array(confiture.view_privileges(view_oid), '$[*] ? (@.object == $object)', jsonb_build_object('object', object))
    <> jsonb_path_query_array(wanted, '$[*] ? (@.object == $object)', jsonb_build_object('object', object));
  select format('%I.%I', n.nspname, c.relname), pg_get_userbyid(c.relowner) into target, owner
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = view_oid;
  for part in
    select distinct given.object, given.grantee
    from jsonb_to_recordset(confiture.view_privileges(view_oid)) as given (object text, grantee text)
    where given.object = any (changed)
  loop
    execute format('revoke all on %s %s from %s', part.object, target, coalesce(quote_ident(part.grantee), 'public'));
  end loop;
  for part in
    select given.*
    from jsonb_array_elements(wanted) with ordinality as item (value, number) cross join jsonb_to_record(item.value)
      as given (object text, "column" text, grantor text, grantee text, privilege text, grantable boolean)
    where given.object = any (changed) order by item.number
  loop
    if part.grantor <> owner then
      perform set_config('role', part.grantor, true);
    end if;
    execute format('grant %s%s on %s %s to %s%s', part.privilege, '(' || quote_ident(part."column") || ')', part.object,
      target, coalesce(quote_ident(part.grantee), 'public'), case when part.grantable then ' with grant option' end);
    if part.grantor <> owner then
      perform set_config('role', role_before, true);
    end if;
  end loop;
  if confiture.view_privileges(view_oid) <> wanted then
    raise exception 'its privileges cannot be granted again by role %', current_user
      using errcode = 'insufficient_privilege';
  end if;
end
$function$`;

/** Functions that read the privileges on a view and give them back. */
export const privilegeFunctions: readonly Sql[] = [read, restore];
