import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({ name: z.string() });
type Schema = z.infer<typeof row>;

export const schema: Kind<Schema> = defineKind({
  name: "schema",
  folder: "schemas",
  catalog: "pg_namespace",
  key: ["name"],
  label: (s) => ident(s.name),
  row,
  query: () => sql`
    select n.oid, n.nspname as name from pg_namespace n
    where ${userSchema} and ${standsAlone("pg_namespace", "n")}`,
  create: (s) => `create schema ${ident(s.name)}`,
  drop: (s) => `drop schema ${ident(s.name)}`,
});
