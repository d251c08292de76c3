import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";
import type { Place, Statements } from "../statement.ts";

const text = z.string().nullable();
const row = z.object({
  schema: z.string(),
  name: z.string(),
  /** Null of a prefix operator. */
  left: text,
  /** Null of a postfix operator, which PostgreSQL 13 was the last to have. */
  right: text,
  /** Null of a shell: an operator that is named as the commutator or negator of another, and not made yet. */
  function: text,
  commutator: text,
  negator: text,
  restrict: text,
  join: text,
  hashes: z.boolean(),
  merges: z.boolean(),
  /** Operators that name this one and are not named in return, as it was made after them without doing so. */
  unanswered: z.array(z.string()),
});
type Operator = z.infer<typeof row>;

const labelOf = (name: string, left: string | null, right: string | null) =>
  `${name}(${left ?? "NONE"},${right ?? "NONE"})`;

const label = (o: Operator) => labelOf(`${ident(o.schema)}.${o.name}`, o.left, o.right);

/** Each link has its other end in the linked operator, which has the same types or, to commute, swapped ones. */
const LINKED = {
  commutator: (o: Operator) =>
    o.commutator === null ? null : `operator ${labelOf(o.commutator, o.right, o.left)}`,
  negator: (o: Operator) => (o.negator === null ? null : `operator ${labelOf(o.negator, o.left, o.right)}`),
};

/** A linked operator that does not exist becomes a shell, which is filled when its turn comes. */
function create(o: Operator): Statements {
  if (o.function === null) return [];
  const options = [
    `function = ${o.function}`,
    ...(o.left === null ? [] : [`leftarg = ${o.left}`]),
    ...(o.right === null ? [] : [`rightarg = ${o.right}`]),
    ...(o.commutator === null ? [] : [`commutator = operator(${o.commutator})`]),
    ...(o.negator === null ? [] : [`negator = operator(${o.negator})`]),
    ...(o.restrict === null ? [] : [`restrict = ${o.restrict}`]),
    ...(o.join === null ? [] : [`join = ${o.join}`]),
    ...(o.hashes ? ["hashes"] : []),
    ...(o.merges ? ["merges"] : []),
  ];
  return `create operator ${ident(o.schema)}.${o.name} (${options.join(", ")})`;
}

/** An alteration between operators that are both no shells; to fill a shell is to create the operator. */
const unlessShell =
  (alter: (to: Operator, from: Operator, place: Place) => Statements | null) =>
  (to: Operator, from: Operator, place: Place): Statements | null =>
    from.function === null ? create(to) : to.function === null ? null : alter(to, from, place);

const set = (o: Operator, option: string) => `alter operator ${label(o)} set (${option})`;

/** An option that can be given since PostgreSQL 17, and never be taken away. */
const give = (option: "hashes" | "merges") =>
  unlessShell((to, _from, { major }) => (to[option] && major >= 17 ? set(to, option) : null));

/** Both ends can be tied since PostgreSQL 17; a link to an operator that goes away ends by itself. */
const link = (end: "commutator" | "negator") =>
  unlessShell((to, from, place) => {
    if (from[end] !== null) {
      const isLast = to[end] === null && place.rowOf(LINKED[end](from)!) === undefined;
      return isLast ? [] : null;
    }
    const other = place.rowOf(LINKED[end](to)!);
    const answers = other === undefined || (other["function"] !== null && other[end] !== null);
    return place.major >= 17 && answers ? set(to, `${end} = operator(${to[end]})`) : null;
  });

export const operator: Kind<Operator> = defineKind({
  name: "operator",
  folder: "operators",
  file: (o) => `${ident(o.schema)}.${o.name}`,
  catalog: "pg_operator",
  key: ["schema", "name", "left", "right"],
  label,
  row,
  query: () => sql`
    select o.oid, n.nspname as schema, o.oprname as name,
      format_type(nullif(o.oprleft, 0), null) as left, format_type(nullif(o.oprright, 0), null) as right,
      nullif(o.oprcode::oid, 0)::regproc::text as function,
      (select quote_ident(s.nspname) || '.' || x.oprname
        from pg_operator x join pg_namespace s on s.oid = x.oprnamespace where x.oid = o.oprcom) as commutator,
      (select quote_ident(s.nspname) || '.' || x.oprname
        from pg_operator x join pg_namespace s on s.oid = x.oprnamespace where x.oid = o.oprnegate) as negator,
      nullif(o.oprrest::oid, 0)::regproc::text as restrict, nullif(o.oprjoin::oid, 0)::regproc::text as join,
      o.oprcanhash as hashes, o.oprcanmerge as merges,
      array(select quote_ident(s.nspname) || '.' || x.oprname || '('
          || coalesce(format_type(nullif(x.oprleft, 0), null), 'NONE') || ','
          || coalesce(format_type(nullif(x.oprright, 0), null), 'NONE') || ')'
        from pg_operator x join pg_namespace s on s.oid = x.oprnamespace
        where o.oid = x.oprcom and o.oprcom = 0 or o.oid = x.oprnegate and o.oprnegate = 0 order by 1) as unanswered
    from pg_operator o join pg_namespace n on n.oid = o.oprnamespace
    where ${userSchema} and ${standsAlone("pg_operator", "o")} and (o.oprcode <> 0 or exists (
      select from pg_operator x where x.oprcode <> 0 and o.oid in (x.oprcom, x.oprnegate)))`,
  create,
  drop: (o) => `drop operator ${label(o)}`,
  alter: {
    function: unlessShell(() => null),
    commutator: link("commutator"),
    negator: link("negator"),
    restrict: unlessShell((to) => set(to, `restrict = ${to.restrict ?? "none"}`)),
    join: unlessShell((to) => set(to, `join = ${to.join ?? "none"}`)),
    hashes: give("hashes"),
    merges: give("merges"),
    unanswered: unlessShell((to, from) =>
      to.unanswered.every((name) => from.unanswered.includes(name)) ? [] : null,
    ),
  },
  // Those that make it a shell come first: before it is filled, or before anything is said of the shell.
  needs: (o) => [
    ...o.unanswered.map((name) => `operator ${name}`),
    ...(o.function === null ? Object.values(LINKED).flatMap((linked) => linked(o) ?? []) : []),
  ],
});
