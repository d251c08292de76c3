import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { readOptionNames } from "../foreign-options.ts";
import { defineKind, type Kind } from "../kind.ts";

const row = z.object({
  server: z.string(),
  /** Null is everyone. */
  role: z.string().nullable(),
  /** Names only, as far as the reader may see them: the values are secrets. */
  options: z.array(z.string()),
});
type UserMapping = z.infer<typeof row>;

const named = (m: UserMapping): string =>
  `user mapping for ${m.role === null ? "public" : ident(m.role)} server ${ident(m.server)}`;

/**
 * That there is one. It is made without options, which have to be set by hand, so they are never compared; nor is
 * it dropped to be made again, as nothing here could bring them back.
 */
export const userMapping: Kind<UserMapping> = defineKind({
  name: "user-mapping",
  folder: "foreign_servers",
  file: (m) => ident(m.server),
  byHand: (m) => `the options of the ${named(m)}`,
  catalog: "pg_user_mapping",
  key: ["server", "role"],
  label: (m) => `${m.role === null ? "public" : ident(m.role)} on ${ident(m.server)}`,
  row,
  roles: ({ role }) => (role === null ? [] : [role]),
  query: () => sql`
    select m.umid as oid, m.srvname as server, case when m.umuser <> 0 then m.usename end as role,
      ${readOptionNames("m.umoptions")} as options
    from pg_user_mappings m where not exists (select from pg_depend d
      where d.classid = 'pg_user_mapping'::regclass and d.objid = m.umid and d.deptype = 'e')`,
  same: { options: () => true },
  create: (m) => `create ${named(m)}`,
  drop: (m) => `drop ${named(m)}`,
  holdsRows: () => true,
});
