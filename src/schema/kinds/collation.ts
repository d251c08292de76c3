import * as z from "zod";
import type { Server } from "../../pg/connection.ts";
import { ident, type Sql, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { text } from "../quoting.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  /** `builtin` since PostgreSQL 17. */
  provider: z.enum(["libc", "icu", "builtin"]),
  deterministic: z.boolean(),
  /** Null when order and character types have different ones. */
  locale: z.string().nullable(),
  lc_collate: z.string().nullable(),
  lc_ctype: z.string().nullable(),
  /** ICU's tailoring rules, since PostgreSQL 16. */
  rules: z.string().nullable(),
});
type Collation = z.infer<typeof row>;

/** Where a locale that is one for all stands; before 15 the two for libc were for ICU too. */
const locale = ({ major }: Server): Sql => {
  if (major >= 17) return sql`c.colllocale`;
  return major >= 15 ? sql`c.colliculocale` : sql`null::text`;
};

const options = (c: Collation): string[] =>
  Object.entries({
    provider: c.provider,
    deterministic: c.deterministic ? null : "false",
    locale: c.locale === null ? null : text(c.locale),
    lc_collate: c.lc_collate === null ? null : text(c.lc_collate),
    lc_ctype: c.lc_ctype === null ? null : text(c.lc_ctype),
    rules: c.rules === null ? null : text(c.rules),
  }).flatMap(([name, value]) => (value === null ? [] : [`${name} = ${value}`]));

/** Its version is the server's. */
export const collation: Kind<Collation> = defineKind({
  name: "collation",
  folder: "types",
  catalog: "pg_collation",
  key: ["schema", "name"],
  label: (c) => ident(c.schema, c.name),
  row,
  query: (server) => sql`
    select c.oid, n.nspname as schema, c.collname as name,
      case c.collprovider when 'c' then 'libc' when 'i' then 'icu' else 'builtin' end as provider,
      c.collisdeterministic as deterministic,
      coalesce(${locale(server)}, case when c.collcollate = c.collctype then c.collcollate end) as locale,
      case when c.collcollate <> c.collctype then c.collcollate end as lc_collate,
      case when c.collcollate <> c.collctype then c.collctype end as lc_ctype,
      ${server.major >= 16 ? sql`c.collicurules` : sql`null`} as rules
    from pg_collation c join pg_namespace n on n.oid = c.collnamespace
    where c.collencoding in (-1, pg_char_to_encoding(getdatabaseencoding()))
      and ${userSchema} and ${standsAlone("pg_collation", "c")}`,
  create: (c) => `create collation ${ident(c.schema, c.name)} (${options(c).join(", ")})`,
  drop: (c) => `drop collation ${ident(c.schema, c.name)}`,
  rename: (c, name) => `alter collation ${ident(c.schema, c.name)} rename to ${ident(name)}`,
});
