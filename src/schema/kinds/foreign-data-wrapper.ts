import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import {
  foreignOptions,
  optionsChange,
  optionsClause,
  readOptions,
  sameOptions,
} from "../foreign-options.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone } from "../scope.ts";

const row = z.object({
  name: z.string(),
  handler: z.string().nullable(),
  validator: z.string().nullable(),
  options: foreignOptions,
});
type Wrapper = z.infer<typeof row>;

const named = (w: Wrapper): string => `foreign data wrapper ${ident(w.name)}`;

const clause = (word: string, routine: string | null): string =>
  routine === null ? `no ${word}` : `${word} ${routine}`;

export const foreignDataWrapper: Kind<Wrapper> = defineKind({
  name: "foreign-data-wrapper",
  folder: "foreign_servers",
  catalog: "pg_foreign_data_wrapper",
  key: ["name"],
  label: (w) => ident(w.name),
  row,
  query: () => sql`
    select w.oid, w.fdwname as name, nullif(w.fdwhandler, 0)::regproc::text as handler,
      nullif(w.fdwvalidator, 0)::regproc::text as validator, ${readOptions("w.fdwoptions")} as options
    from pg_foreign_data_wrapper w where ${standsAlone("pg_foreign_data_wrapper", "w")}`,
  same: { options: sameOptions },
  create: (w) =>
    `create ${named(w)}${w.handler === null ? "" : ` handler ${w.handler}`}${
      w.validator === null ? "" : ` validator ${w.validator}`
    }${optionsClause(w.options)}`,
  drop: (w) => `drop ${named(w)}`,
  alter: {
    handler: (to) => `alter ${named(to)} ${clause("handler", to.handler)}`,
    validator: (to) => `alter ${named(to)} ${clause("validator", to.validator)}`,
    options: (to, from) => `alter ${named(to)} ${optionsChange(to.options, from.options)}`,
  },
});
