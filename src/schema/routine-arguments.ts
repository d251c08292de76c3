import { RESERVED_WORDS } from "../sql/reserved-words.ts";
import { type Sql, sql } from "../sql/tag.ts";

interface Listing {
  /** The columns of RETURNS TABLE, not the arguments. */
  readonly ofTable?: true;
  readonly withDefaults?: true;
}

/**
 * The arguments of `p`, a row of pg_proc, as pg_get_function_arguments prints them, but with names in quotes that only
 * a newer server has a keyword for: `json json` of PostgreSQL 15 is no argument for the grammar of 16.
 */
export const argumentsOf = ({ ofTable, withDefaults }: Listing = {}): Sql => sql`
  array_to_string(array(
    select concat(
      case mode when 'i' then case p.prokind when 'p' then 'IN ' end
        when 'o' then 'OUT ' when 'b' then 'INOUT ' when 'v' then 'VARIADIC ' end,
      case when name = any (${[...RESERVED_WORDS]}::text[]) then '"' || name || '" '
        when name <> '' then quote_ident(name) || ' ' end,
      format_type(type, null),
      ${withDefaults ? sql`' DEFAULT ' || pg_get_function_arg_default(p.oid, nr::int)` : sql`null`})
    from (select type, nr, coalesce(p.proargmodes[nr], 'i') as mode, p.proargnames[nr] as name
      from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality a (type, nr)) a
    where (mode = 't') = ${ofTable === true}
    order by nr), ', ')`;
