import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { text } from "../quoting.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  /** Encodings. */
  from: z.string(),
  to: z.string(),
  function: z.string(),
  default: z.boolean(),
});
type Conversion = z.infer<typeof row>;

export const conversion: Kind<Conversion> = defineKind({
  name: "conversion",
  folder: "operators",
  catalog: "pg_conversion",
  key: ["schema", "name"],
  label: (c) => ident(c.schema, c.name),
  row,
  query: () => sql`
    select c.oid, n.nspname as schema, c.conname as name, pg_encoding_to_char(c.conforencoding) as from,
      pg_encoding_to_char(c.contoencoding) as to, c.conproc::text as function, c.condefault as default
    from pg_conversion c join pg_namespace n on n.oid = c.connamespace
    where ${userSchema} and ${standsAlone("pg_conversion", "c")}`,
  create: (c) =>
    `create ${c.default ? "default " : ""}conversion ${ident(c.schema, c.name)} ` +
    `for ${text(c.from)} to ${text(c.to)} from ${c.function}`,
  drop: (c) => `drop conversion ${ident(c.schema, c.name)}`,
});
