import * as z from "zod";
import { ident, literal, sql } from "../../sql/tag.ts";
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
  wrapper: z.string(),
  type: z.string().nullable(),
  version: z.string().nullable(),
  options: foreignOptions,
});
type ForeignServer = z.infer<typeof row>;

const text = (word: string, value: string | null): string =>
  value === null ? "" : ` ${word} ${literal(value).trimStart()}`;

/** A foreign server. */
export const server: Kind<ForeignServer> = defineKind({
  name: "server",
  folder: "foreign_servers",
  catalog: "pg_foreign_server",
  key: ["name"],
  label: (s) => ident(s.name),
  row,
  query: () => sql`
    select s.oid, s.srvname as name, w.fdwname as wrapper, s.srvtype as type, s.srvversion as version,
      ${readOptions("s.srvoptions")} as options
    from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw
    where ${standsAlone("pg_foreign_server", "s")}`,
  same: { options: sameOptions },
  create: (s) =>
    `create server ${ident(s.name)}${text("type", s.type)}${text("version", s.version)} foreign data wrapper ${ident(
      s.wrapper,
    )}${optionsClause(s.options)}`,
  drop: (s) => `drop server ${ident(s.name)}`,
  alter: {
    version: (to) => `alter server ${ident(to.name)}${text("version", to.version) || " version null"}`,
    options: (to, from) => `alter server ${ident(to.name)} ${optionsChange(to.options, from.options)}`,
  },
  grantedAs: "foreign server",
});
