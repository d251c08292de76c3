import * as z from "zod";
import { type Issue, newIssue } from "../base/issue.ts";
import type { Classified } from "../migrate/classify.ts";
import type { Connection } from "../pg/connection.ts";
import type { MigrationFile } from "../migrate/files.ts";
import { type Replaced, replacedBy } from "../sql/replaced-objects.ts";
import { ident, sql } from "../sql/tag.ts";

const dependentSchema = z.object({
  kind: z.string(),
  schema: z.string().nullable(),
  name: z.string(),
  referenced_columns: z.array(z.string()),
});

export const dependentAnalysisSchema = z.object({
  status: z.enum(["ok", "skipped"]),
  entries: z
    .array(
      z.object({
        kind: z.string(),
        schema: z.string(),
        name: z.string(),
        qualified: z.string(),
        source_file: z.string(),
        source_line: z.int(),
        severity: z.enum(["error", "info"]).describe("error: something depends on it"),
        dependents: z.array(dependentSchema),
      }),
    )
    .describe("Views and routines of the database that pending migrations replace or drop"),
  has_blocking: z.boolean(),
  skip_reason: z.enum(["no_preflight_db"]).optional(),
});

export type DependentAnalysis = z.infer<typeof dependentAnalysisSchema>;

type Dependent = z.infer<typeof dependentSchema>;

/** What `--check-dependents` asks for. */
export type CheckDependents = "off" | "warn" | "fail";

interface Target {
  readonly oid: number;
  readonly kind: string;
  readonly schema: string;
  readonly name: string;
  readonly qualified: string;
}

/** What in the database is built on the views and routines that these statements replace or drop; only reads. */
export async function analyseDependents(
  db: Connection,
  classified: readonly Classified[],
): Promise<DependentAnalysis> {
  const entries: DependentAnalysis["entries"] = [];
  const gone = new Set<number>();
  for (const { replaced, migration, line } of classified.flatMap(replacements)) {
    for (const target of await findTargets(db, replaced)) {
      const { oid, ...described } = target;
      const dependents = await dependentsOf(db, target, gone);
      if (replaced.isDropped) gone.add(oid);
      const severity = dependents.length > 0 ? ("error" as const) : ("info" as const);
      const place = { source_file: migration.upFile, source_line: line };
      entries.push({ ...described, ...place, severity, dependents });
    }
  }
  return { status: "ok", entries, has_blocking: entries.some(({ severity }) => severity === "error") };
}

export const SKIPPED: DependentAnalysis = {
  status: "skipped",
  entries: [],
  has_blocking: false,
  skip_reason: "no_preflight_db",
};

interface Replacement {
  readonly replaced: Replaced;
  readonly migration: MigrationFile;
  readonly line: number;
}

const replacements = ({ migration, statement }: Classified): Replacement[] =>
  statement
    ? replacedBy(statement).map((replaced) => ({ replaced, migration, line: statement.position.line }))
    : [];

/** The objects as they are now; none for what does not exist yet. */
async function findTargets(db: Connection, { isRoutine, parts, args }: Replaced): Promise<Target[]> {
  const [schema, name] = parts.length > 1 ? parts.slice(-2) : [null, parts[0]];
  const wanted = isRoutine
    ? sql`
      select p.oid, 'pg_proc'::regclass as class from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where p.proname = ${name} and p.prokind <> 'a'
        and case when ${schema}::text is null then pg_function_is_visible(p.oid) else n.nspname = ${schema} end
        and (${args ?? null}::text[] is null or p.proargtypes::text = (
          select coalesce(string_agg(coalesce(to_regtype(arg)::oid, 0)::text, ' ' order by at), '')
          from unnest(${args ?? null}::text[]) with ordinality as given (arg, at)))`
    : sql`
      select c.oid, 'pg_class'::regclass as class from pg_class c
      where c.oid = to_regclass(${ident(...parts)}) and c.relkind in ('v', 'm')`;
  return db.rows<Target>(sql`
    select found.oid, i.type as kind, n.nspname as schema, i.identity as qualified,
      coalesce(c.relname, p.proname) as name
    from (${wanted}) as found
    cross join lateral pg_identify_object(found.class, found.oid, 0) as i
    left join pg_class c on found.class = 'pg_class'::regclass and c.oid = found.oid
    left join pg_proc p on found.class = 'pg_proc'::regclass and p.oid = found.oid
    join pg_namespace n on n.oid = coalesce(c.relnamespace, p.pronamespace)
    order by i.identity`);
}

/** What depends on an object or on the row type it has; of a rule, the view it belongs to. */
async function dependentsOf(
  db: Connection,
  { oid }: Target,
  gone: ReadonlySet<number>,
): Promise<Dependent[]> {
  const found = await db.rows<Dependent & { oid: number }>(sql`
    with own as (
      select classid, objid from (values
        ('pg_class'::regclass, ${oid}::oid), ('pg_proc'::regclass, ${oid}::oid)) as v (classid, objid)
      union all
      select 'pg_type'::regclass, t.oid from pg_class c join pg_type t on t.oid = c.reltype or t.typelem = c.reltype
      where c.oid = ${oid}::oid and c.reltype <> 0
    ), dependent as (
      select distinct case when r.oid is null then d.classid else 'pg_class'::regclass end as classid,
        coalesce(r.ev_class, d.objid) as objid, a.attname
      from pg_depend d join own on d.refclassid = own.classid and d.refobjid = own.objid
      left join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
      left join pg_attribute a on d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
        and a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.deptype = 'n' and coalesce(r.ev_class, d.objid) <> ${oid}::oid
    )
    select d.objid as oid, i.type as kind, i.schema, coalesce(i.name, i.identity) as name,
      coalesce(array_agg(d.attname::text order by d.attname) filter (where d.attname is not null), '{}')
        as referenced_columns
    from dependent d cross join lateral pg_identify_object(d.classid, d.objid, 0) as i
    group by d.objid, i.type, i.schema, i.name, i.identity order by i.type, i.identity`);
  return found
    .filter((dependent) => !gone.has(dependent.oid))
    .map(({ kind, schema, name, referenced_columns }) => ({ kind, schema, name, referenced_columns }));
}

/** One issue per object that something is built on; a check that could not be made is told, never passed over. */
export function dependentIssues(
  analysis: DependentAnalysis,
  classified: readonly Classified[],
  mode: CheckDependents,
): Issue[] {
  if (analysis.status === "skipped") {
    return [
      newIssue(
        mode === "fail" ? "warning" : "info",
        "PFLIGHT_LIVE_DEPENDENTS",
        "live dependents were not looked for: there is no database to look at",
        {
          actionable: "Give --against a copy of the database.",
          details: { skip_reason: analysis.skip_reason },
        },
      ),
    ];
  }
  return analysis.entries
    .filter(({ severity }) => severity === "error")
    .map(({ kind, qualified, source_file: file, source_line: line, dependents }) =>
      newIssue(
        mode === "fail" ? "error" : "warning",
        "PFLIGHT_LIVE_DEPENDENTS",
        `${kind} ${qualified} is replaced or dropped, and built on by ${dependents.map(labelOf).join(", ")}`,
        {
          migration: classified.find(({ migration }) => migration.upFile === file)?.migration.version ?? null,
          file,
          line,
          actionable: "Make sure that they still work, or recreate them in the same migration.",
          details: { object: qualified, dependents },
        },
      ),
    );
}

const labelOf = ({ kind, schema, name }: Dependent): string =>
  `${kind} ${schema === null ? "" : `${schema}.`}${name}`;
