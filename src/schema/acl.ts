import { type Sql, sql } from "../sql/tag.ts";

/**
 * The privileges in which `acl` and `usual` of some rows differ, one each, with all columns of `rows`: those given
 * beyond the usual ones, or with a grant option that these lack, and those taken away.
 */
export const differingPrivileges = (rows: string): Sql =>
  sql.raw(`
    select o.*, x.grantee, x.privilege_type, true as granted, x.is_grantable
    from ${rows} o cross join aclexplode(o.acl) x
    where not exists (select from aclexplode(o.usual) u
      where u.grantee = x.grantee and u.privilege_type = x.privilege_type
        and (u.is_grantable or not x.is_grantable))
    union all
    select o.*, x.grantee, x.privilege_type, false, false
    from ${rows} o cross join aclexplode(o.usual) x
    where not exists (select from aclexplode(o.acl) own
      where own.grantee = x.grantee and own.privilege_type = x.privilege_type)`);

/** The name of a grantee; null for the owner, whoever that is. */
export const granteeName: Sql = sql.raw(
  "case grantee when owner then null when 0 then 'public' else pg_get_userbyid(grantee)::text end",
);
