import * as z from "zod";
import type { Server } from "../pg/connection.ts";
import { ident, type Sql, sql } from "../sql/tag.ts";
import { type Kind } from "./kind.ts";
import { newName } from "./other-name.ts";
import { changedOptions } from "./options.ts";
import { userSchema } from "./scope.ts";
import type { Place, Statement, Statements } from "./statement.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  /** Table, or domain. */
  table: z.string(),
  name: z.string(),
  of_domain: z.boolean(),
  /** As pg_get_constraintdef, without what the attributes below say. */
  definition: z.string(),
  /** Columns in their order; of an exclusion constraint those that are plain columns. */
  columns: z.array(z.string()),
  /** False after NOT VALID. */
  validated: z.boolean(),
  /** False after NOT ENFORCED (PostgreSQL 18). */
  enforced: z.boolean(),
  deferrable: z.enum(["deferrable", "initially deferred"]).nullable(),
  /** Storage parameters of the index behind the constraint. */
  index_options: z.array(z.string()),
  /** False when the index behind the constraint is unusable. */
  index_valid: z.boolean(),
  /** Another one has an index of the same key; of two that come with their table PostgreSQL makes one. */
  repeats: z.boolean(),
});
export type Constraint = z.infer<typeof row>;

const without = (definition: string, ending: string): string =>
  `case when right(${definition}, ${ending.length}) = '${ending}'
    then left(${definition}, -${ending.length}) else ${definition} end`;

/** pg_get_constraintdef puts these last, in this order: DEFERRABLE, INITIALLY DEFERRED, NOT ENFORCED or NOT VALID. */
const ENDINGS = [" NOT VALID", " NOT ENFORCED", " INITIALLY DEFERRED", " DEFERRABLE"];

/** Constraints of one contype that were declared where they stand: inherited ones and clones are left out. */
function query(contype: string, server: Server): Sql {
  // OFFSET 0 keeps the planner from calling pg_get_constraintdef once for every mention of its result.
  const definition = ENDINGS.reduce(
    (from, ending) => `select ${without("d.definition", ending)} as definition from (${from} offset 0) d`,
    "select pg_get_constraintdef(k.oid) as definition",
  );
  const enforced = server.major >= 18 ? "k.conenforced" : "true";
  return sql.raw(`
    select k.oid, case when k.contypid <> 0 then 'pg_type' else 'pg_class' end as of_catalog,
      case when k.contypid <> 0 then k.contypid else k.conrelid end as of_oid,
      n.nspname as schema, coalesce(t.typname, c.relname) as table, k.conname as name, k.contypid <> 0 as of_domain,
      (${definition}) as definition, k.convalidated as validated, ${enforced} as enforced,
      array(select a.attname from unnest(k.conkey) with ordinality x (attnum, nr)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.attnum order by x.nr) as columns,
      case when k.condeferred then 'initially deferred' when k.condeferrable then 'deferrable' end as deferrable,
      array(select unnest(ic.reloptions) order by 1) as index_options,
      coalesce(i.indisvalid, true) as index_valid, k.contype in ('p', 'u') and exists (
        select from pg_constraint o where o.conrelid = k.conrelid and o.conkey = k.conkey
          and o.contype in ('p', 'u') and (o.contype, o.conname) < (k.contype, k.conname)) as repeats
    from pg_constraint k
      left join pg_class c on c.oid = k.conrelid
      left join pg_type t on t.oid = k.contypid
      join pg_namespace n on n.oid = coalesce(c.relnamespace, t.typnamespace)
      left join pg_class ic on ic.oid = k.conindid and k.contype in ('p', 'u', 'x')
      left join pg_index i on i.indexrelid = ic.oid
    where k.contype = '${contype}' and k.conislocal and k.conparentid = 0 and ${userSchema.text}`);
}

const holder = (k: Constraint): string => `${k.of_domain ? "domain" : "table"} ${ident(k.schema, k.table)}`;
const alterHolder = (k: Constraint, action: string): string => `alter ${holder(k)} ${action}`;

/** All that is said where it is made; only ADD CONSTRAINT can leave rows unchecked. */
function clause(k: Constraint): string {
  const deferrable = k.deferrable === "initially deferred" ? "deferrable initially deferred" : k.deferrable;
  const endings = [deferrable, k.enforced ? null : "not enforced"].filter((ending) => ending !== null);
  return [`constraint ${ident(k.name)} ${k.definition}`, ...endings].join(" ");
}

const validate = (k: Constraint): Statement => ({
  sql: alterHolder(k, `validate constraint ${ident(k.name)}`),
  transaction: "own",
});

const isOnPartitioned = (k: Constraint, { rowOf }: Place): boolean =>
  typeof rowOf(k.of)?.["partition_by"] === "string";

/** Before PostgreSQL 18 the foreign key of a partitioned table is checked when it is added. */
const mustBeValid = (k: Constraint, place: Place): boolean =>
  place.major < 18 && k.definition.startsWith("FOREIGN KEY") && isOnPartitioned(k, place);

const NOT_VALID = {
  major: 18,
  instead: "add it without looking at rows, and validate it while they are written",
};

function create(k: Constraint, place: Place): Statements {
  const add = alterHolder(k, `add ${clause(k)}`);
  if (k.enforced && !k.validated) return `${add} not valid`;
  if (!place.online || place.fresh || !k.enforced) return add;
  if (mustBeValid(k, place)) return [{ sql: add, later: NOT_VALID }];
  return [`${add} not valid`, validate(k)];
}

/** Its index is built first, and the constraint takes it over. */
function createOnIndex(k: Constraint, place: Place): Statements {
  if (!canTakeIndex(k, place)) return alterHolder(k, `add ${clause(k)}`);
  const { build, add } = onIndex(k, k.name);
  return [build, alterHolder(k, add)];
}

/** The old one stays until the index of the new one is there. */
function rebuild(to: Constraint, from: Constraint, place: Place): Statements | null {
  if (!canTakeIndex(to, place)) return null;
  const { build, add } = onIndex(to, newName(to.name));
  return [
    build,
    alterHolder(to, `drop constraint ${ident(from.name)}, ${add}`),
    ...setOptions(to, changedOptions([], to.index_options)),
  ];
}

/** Not on partitioned tables, which have no index themselves. */
const canTakeIndex = (k: Constraint, place: Place): boolean =>
  place.online &&
  !place.fresh &&
  !isOnPartitioned(k, place) &&
  /^(UNIQUE|PRIMARY KEY) (NULLS NOT DISTINCT )?\(/.test(k.definition) &&
  !k.definition.includes("WITHOUT OVERLAPS");

/** Its index by itself, and the action that makes it the constraint's, and gives it the constraint's name. */
function onIndex(k: Constraint, name: string): { readonly build: Statement; readonly add: string } {
  const [head, columns] = splitAtColumns(k.definition);
  const distinct = head.includes("NULLS NOT DISTINCT") ? " nulls not distinct" : "";
  const index = `create unique index concurrently ${ident(name)} on ${ident(k.schema, k.table)} ${columns}${distinct}`;
  const word = head.startsWith("PRIMARY") ? "primary key" : "unique";
  const deferrable =
    k.deferrable === null ? "" : ` deferrable${k.deferrable === "deferrable" ? "" : " initially deferred"}`;
  return {
    build: { sql: index, transaction: "none" },
    add: `add constraint ${ident(k.name)} ${word} using index ${ident(name)}${deferrable}`,
  };
}

function splitAtColumns(definition: string): [string, string] {
  const at = definition.indexOf("(");
  return [definition.slice(0, at), definition.slice(at)];
}

const alterDeferrable = (k: Constraint): string | null => {
  const deferrable =
    k.deferrable === null
      ? "not deferrable"
      : `deferrable${k.deferrable === "deferrable" ? " initially immediate" : " initially deferred"}`;
  return alterHolder(k, `alter constraint ${ident(k.name)} ${deferrable}`);
};

const setOptions = (k: Constraint, actions: readonly string[]): string[] =>
  actions.map((action) => `alter index ${ident(k.schema, k.name)} ${action}`);

/** What another index is needed for. */
const INDEXED = ["definition", "deferrable", "index_valid"] as const;

/** A kind of constraint; they differ in name and pg_constraint.contype, and some have an index. */
export function constraintKind(name: string, contype: "c" | "f" | "p" | "u" | "x"): Kind<Constraint> {
  const isForeignKey = contype === "f";
  const hasIndex = contype === "p" || contype === "u" || contype === "x";
  return {
    name,
    ...(isForeignKey ? { folder: "foreign_keys" as const } : {}),
    catalog: "pg_constraint",
    key: ["schema", "table", "name"],
    label: (k) => ident(k.schema, k.table, k.name),
    row,
    query: (server) => query(contype, server),
    within: (k) => k.of,
    same: { columns: () => true, repeats: () => true },
    address: (k) =>
      `constraint ${ident(k.name)} on ${k.of_domain ? "domain " : ""}${ident(k.schema, k.table)}`,
    create: hasIndex ? createOnIndex : create,
    inline: (k) => (isForeignKey || k.repeats || (k.enforced && !k.validated) ? null : clause(k)),
    finish: (k) => setOptions(k, changedOptions([], k.index_options)),
    drop: (k) => alterHolder(k, `drop constraint ${ident(k.name)}`),
    alter: {
      ...(hasIndex ? { definition: rebuild, index_valid: rebuild } : {}),
      validated: (to, from) => (to.validated && to.enforced && from.enforced ? [validate(to)] : null),
      deferrable: isForeignKey ? alterDeferrable : hasIndex ? rebuild : () => null,
      enforced: (to) =>
        isForeignKey
          ? alterHolder(to, `alter constraint ${ident(to.name)} ${to.enforced ? "" : "not "}enforced`)
          : null,
      index_options: (to, from) => setOptions(to, changedOptions(from.index_options, to.index_options)),
    },
    rename: (k, to) => alterHolder(k, `rename constraint ${ident(k.name)} to ${ident(to)}`),
    ...(hasIndex ? { disturbs: INDEXED } : {}),
    // PostgreSQL would look for an operator between the new type and the old one of the other side.
    ...(isForeignKey ? {} : { carried: true as const }),
    ...(hasIndex ? { occupies: (k: Constraint) => [ident(k.schema, k.name)] } : {}),
  };
}
