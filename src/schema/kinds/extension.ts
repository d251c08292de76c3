import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";

const row = z.object({
  name: z.string(),
  schema: z.string(),
  /** For information: which versions there are is the server's matter, as in what pg_dump writes. */
  version: z.string(),
  /** Whether it can be moved to another schema. */
  relocatable: z.boolean(),
});
type Extension = z.infer<typeof row>;

const always = () => true;

/** Its members are not looked at; one that holds tables, or gives columns their type, takes them along. */
export const extension: Kind<Extension> = defineKind({
  name: "extension",
  folder: "extensions",
  catalog: "pg_extension",
  key: ["name"],
  label: (e) => ident(e.name),
  row,
  query: () => sql`
    select e.oid, e.extname as name, n.nspname as schema, e.extversion as version,
      e.extrelocatable as relocatable
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace`,
  same: { version: always, relocatable: always },
  create: (e) => `create extension ${ident(e.name)} with schema ${ident(e.schema)}`,
  drop: (e) => `drop extension ${ident(e.name)}`,
  alter: {
    schema: (to, from) =>
      from.relocatable ? `alter extension ${ident(to.name)} set schema ${ident(to.schema)}` : null,
  },
  holdsRows: () => true,
});
