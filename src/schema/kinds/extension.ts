import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";

const row = z.object({ name: z.string(), schema: z.string() });
type Extension = z.infer<typeof row>;

/** Its version is what the server has to offer, and says nothing about the schema. */
export const extension: Kind<Extension> = defineKind({
  name: "extension",
  catalog: "pg_extension",
  key: ["name"],
  label: (e) => ident(e.name),
  row,
  query: () => sql`
    select e.oid, e.extname as name, n.nspname as schema
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace`,
});
