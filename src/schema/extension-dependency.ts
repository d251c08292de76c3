import { ident, type Sql, sql } from "../sql/tag.ts";

/** Names of the extensions that an object was made to depend on, and goes away with. */
export const extensionsOf = (catalog: string, oid: string): Sql =>
  sql.raw(`array(
    select e.extname from pg_depend x join pg_extension e on e.oid = x.refobjid
    where x.classid = '${catalog}'::regclass and x.objid = ${oid}
      and x.refclassid = 'pg_extension'::regclass and x.deptype = 'x' order by 1)`);

/** Brings it from some extensions to others; `address` as COMMENT ON has it. */
export const dependOn = (address: string, to: readonly string[], from: readonly string[] = []): string[] => [
  ...from
    .filter((name) => !to.includes(name))
    .map((name) => `alter ${address} no depends on extension ${ident(name)}`),
  ...to
    .filter((name) => !from.includes(name))
    .map((name) => `alter ${address} depends on extension ${ident(name)}`),
];
