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

/** Linking can be done since PostgreSQL 17; the link to an operator goes away with that operator. */
const link = (attribute: "commutator" | "negator") =>
  unlessShell((to, from, place) => {
    const [next, last] = [to[attribute], LINKED[attribute](from)];
    if (last !== null) return next === null && place.rowOf(last) === undefined ? [] : null;
    return place.major >= 17 ? set(to, `${attribute} = operator(${next})`) : null;
  });

export const operator: Kind<Operator> = defineKind({
  name: "operator",
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
      o.oprcanhash as hashes, o.oprcanmerge as merges
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
  },
  // A shell is there once the operators are that name it.
  needs: (o) =>
    o.function === null ? [LINKED.commutator(o), LINKED.negator(o)].filter((id) => id !== null) : [],
});
