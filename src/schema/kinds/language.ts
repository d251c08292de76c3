import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone } from "../scope.ts";

const row = z.object({
  name: z.string(),
  trusted: z.boolean(),
  handler: z.string(),
  inline: z.string().nullable(),
  validator: z.string().nullable(),
});
type Language = z.infer<typeof row>;

const definition = (l: Language) =>
  `${l.trusted ? "trusted " : ""}language ${ident(l.name)} handler ${l.handler}` +
  `${l.inline === null ? "" : ` inline ${l.inline}`}${l.validator === null ? "" : ` validator ${l.validator}`}`;

const replace = (l: Language) => `create or replace ${definition(l)}`;

export const language: Kind<Language> = defineKind({
  name: "language",
  folder: "languages",
  catalog: "pg_language",
  key: ["name"],
  label: (l) => ident(l.name),
  row,
  query: () => sql`
    select l.oid, l.lanname as name, l.lanpltrusted as trusted, l.lanplcallfoid::regproc::text as handler,
      nullif(l.laninline, 0)::regproc::text as inline, nullif(l.lanvalidator, 0)::regproc::text as validator
    from pg_language l where l.lanispl and ${standsAlone("pg_language", "l")}`,
  create: (l) => `create ${definition(l)}`,
  drop: (l) => `drop language ${ident(l.name)}`,
  alter: { trusted: replace, handler: replace, inline: replace, validator: replace },
});
