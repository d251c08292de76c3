import * as z from "zod";
import { type Sql, sql } from "../sql/tag.ts";
import type { ObjectId } from "./kind.ts";

const operatorMember = z.object({
  strategy: z.int(),
  /** As its kind labels it. */
  operator: z.string(),
  /** Left and right. */
  types: z.string(),
  /** Of an operator that orders instead of searching. */
  sort_family: z.string().nullable(),
});
type OperatorMember = z.infer<typeof operatorMember>;

const functionMember = z.object({
  support: z.int(),
  /** As its kind labels it. */
  function: z.string(),
  /** Left and right. */
  types: z.string(),
});
type FunctionMember = z.infer<typeof functionMember>;

/** What is tied to an operator class, or stands in a family without one. */
export const members = {
  operators: z.array(operatorMember),
  functions: z.array(functionMember),
};
interface Members {
  readonly operators: readonly OperatorMember[];
  readonly functions: readonly FunctionMember[];
}

const types = (left: string, right: string) =>
  `format_type(${left}, null) || ', ' || format_type(${right}, null)`;

/** Members that go with a family or a class, whatever the strength of that; `family` is the family's oid. */
export const membersOf = (catalog: "pg_opclass" | "pg_opfamily", oid: string, family: string): Sql =>
  sql.raw(`
    coalesce((
      select jsonb_agg(jsonb_build_object('strategy', m.amopstrategy,
        'operator', quote_ident(os.nspname) || '.' || o.oprname || '('
          || format_type(o.oprleft, null) || ',' || format_type(o.oprright, null) || ')',
        'types', ${types("m.amoplefttype", "m.amoprighttype")},
        'sort_family', quote_ident(ss.nspname) || '.' || quote_ident(s.opfname))
        order by m.amopstrategy, ${types("m.amoplefttype", "m.amoprighttype")})
      from pg_depend d join pg_amop m on m.oid = d.objid
        join pg_operator o on o.oid = m.amopopr join pg_namespace os on os.oid = o.oprnamespace
        left join pg_opfamily s on s.oid = m.amopsortfamily left join pg_namespace ss on ss.oid = s.opfnamespace
      where d.classid = 'pg_amop'::regclass and d.refclassid = '${catalog}'::regclass and d.refobjid = ${oid}
        and d.deptype in ('a', 'i') and m.amopfamily = ${family}), '[]') as operators,
    coalesce((
      select jsonb_agg(jsonb_build_object('support', m.amprocnum,
        'function', quote_ident(ps.nspname) || '.' || quote_ident(p.proname) || '('
          || oidvectortypes(p.proargtypes) || ')',
        'types', ${types("m.amproclefttype", "m.amprocrighttype")})
        order by m.amprocnum, ${types("m.amproclefttype", "m.amprocrighttype")})
      from pg_depend d join pg_amproc m on m.oid = d.objid
        join pg_proc p on p.oid = m.amproc join pg_namespace ps on ps.oid = p.pronamespace
      where d.classid = 'pg_amproc'::regclass and d.refclassid = '${catalog}'::regclass and d.refobjid = ${oid}
        and d.deptype in ('a', 'i') and m.amprocfamily = ${family}), '[]') as functions`);

/** Items of AS in a class and of ADD in a family. */
export const operatorItem = (m: OperatorMember): string =>
  `operator ${m.strategy} ${m.operator}${m.sort_family === null ? "" : ` for order by ${m.sort_family}`}`;

export const functionItem = (m: FunctionMember): string => `function ${m.support} (${m.types}) ${m.function}`;

/** pg_depend says it of rows that are no objects. */
export const neededByMembers = ({ operators, functions }: Members): ObjectId[] => [
  ...operators.map((m) => `operator ${m.operator}`),
  ...functions.map((m) => `function ${m.function}`),
  // An ordering is always one of a B-tree.
  ...operators.flatMap((m) =>
    m.sort_family === null ? [] : [`operator-family ${m.sort_family} using btree`],
  ),
];
