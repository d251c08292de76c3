import { ident } from "../../sql/tag.ts";
import { baseRowsText, hasOwnRule } from "./base-rows.ts";
import { components } from "./components.ts";
import type { CopiedTable, CopiedTables, Reference } from "./references.ts";
import { type Cte, matchText, type Part, referringConditions, tableText, whereText } from "./row-text.ts";

/**
 * The rows that the rules of the tables choose, less those that refer to others which are not: what is copied, before
 * rows are added because copied ones refer to them.
 */
export interface KeptRows {
  /** Each reads only earlier ones. */
  readonly ctes: readonly Cte[];
  /** Whether rows of the table may be missing. */
  readonly isPartial: (table: CopiedTable) => boolean;
  /** What keeps a row only with the one that it refers to. */
  readonly restricting: (table: CopiedTable) => readonly Reference[];
  /** The kept rows' columns that keys need, for a FROM clause; null where none is kept. */
  readonly keys: (table: CopiedTable) => Part | null;
  /** FROM and WHERE that give the kept rows as `t`; null where none is kept. */
  readonly rows: (table: CopiedTable) => Part | null;
}

const isOnlyReferenced = ({ rules }: CopiedTable): boolean => rules.referenced === "only";

const isRestricting = ({ to }: Reference): boolean => to.rules.referenced === undefined;

const keptName = ({ place }: CopiedTable): string => `confiture_kept_${place}`;

const candidateName = ({ place }: CopiedTable): string => `confiture_candidate_${place}`;

export function keptRows(copied: CopiedTables, now: string): KeptRows {
  const { tables, from } = copied;
  const base = new Map(tables.map((table) => [table, baseRowsText(table, now)]));
  const partial = new Set(tables.filter(isOnlyReferenced));
  const restricting = (table: CopiedTable) =>
    from(table).filter((key) => isRestricting(key) && partial.has(key.to));
  const admitted = (table: CopiedTable, keys: readonly Reference[]) => admittedPart(base.get(table)!, keys);
  const ctes: Cte[] = [];
  const groups = components(
    tables.filter((table) => !isOnlyReferenced(table)),
    (table) =>
      from(table)
        .filter(isRestricting)
        .map((key) => key.to),
  );
  for (const group of groups) {
    if (!group.some((table) => hasOwnRule(table) || restricting(table).length > 0)) continue;
    for (const table of group) partial.add(table);
    const members = group.map((table): Member => {
      const [inside, outside] = partition(restricting(table), (key) => group.includes(key.to));
      return { table, columns: keyColumns(copied, table), inside, rows: admitted(table, outside) };
    });
    const isCycle = members.some(({ inside }) => inside.length > 0);
    ctes.push(...(isCycle ? keptOfCycle(members) : members.map(keptOf)));
  }
  return {
    ctes,
    isPartial: (table) => partial.has(table),
    restricting,
    keys: (table) => {
      if (isOnlyReferenced(table)) return null;
      if (!partial.has(table)) return { text: tableText(table), needs: [] };
      return { text: keptName(table), needs: [keptName(table)] };
    },
    rows: (table) => (isOnlyReferenced(table) ? null : admitted(table, restricting(table))),
  };
}

/** A table among those of a cycle, or by itself. */
interface Member {
  readonly table: CopiedTable;
  /** Those that keys need of its kept rows. */
  readonly columns: readonly string[];
  /** Its keys to tables of the same cycle. */
  readonly inside: readonly Reference[];
  /** FROM and WHERE: what all else keeps. */
  readonly rows: Part;
}

function partition<T>(values: readonly T[], test: (value: T) => boolean): [T[], T[]] {
  return [values.filter(test), values.filter((value) => !test(value))];
}

const namesOf = ({ pairs }: Reference): string[] => pairs.map(({ column }) => ident(column.name));

/** What is referred to, and what refers to tables that rows are added to. */
function keyColumns({ from, to }: CopiedTables, table: CopiedTable): readonly string[] {
  const adding = from(table).filter((key) => !isRestricting(key));
  const referred = to(table).flatMap(({ pairs }) => pairs.map((pair) => ident(pair.to)));
  const isByLeaf =
    adding.some(({ fromLeaves }) => fromLeaves !== null) ||
    to(table).some(({ toLeaves }) => toLeaves !== null);
  return [...new Set([...referred, ...adding.flatMap(namesOf), ...(isByLeaf ? ["tableoid"] : [])])];
}

const listText = (columns: Iterable<string>): string =>
  [...columns].map((column) => `t.${column}`).join(", ");

/**
 * Every key, where it refers to something, must find a row that is kept. One key is joined plainly, so that the planner
 * knows that few rows are left; were all, it would multiply what are mostly the same rows, come to think that hardly one
 * is left, and go through a CTE once for each. `is null` of a column that never is keeps a join an outer one.
 */
function admittedPart(base: string, keys: readonly Reference[]): Part {
  const plain = keys.filter((key) => referringConditions(key, "t").length === 0);
  const leading = plain.find((key) => hasOwnRule(key.to)) ?? plain[0];
  const found = keys.map((key, i) => {
    const alias = `p${i + 1}`;
    const join = `join ${keptName(key.to)} ${alias} on ${matchText(key, alias, "t")}`;
    if (key === leading) return { join: ` ${join}`, where: [] };
    const refers = referringConditions(key, "t");
    const refersNot =
      refers.length === 0 ? `t.${ident(key.pairs[0]!.column.name)} is null` : `not (${refers.join(" and ")})`;
    const isFound = `${alias}.${ident(key.pairs[0]!.to)} is not null`;
    return { join: ` left ${join}`, where: [`(${isFound} or ${refersNot})`] };
  });
  const where = whereText(found.flatMap((one) => one.where));
  return {
    text: `from ${base}${found.map(({ join }) => join).join("")}${where}`,
    needs: [...new Set(keys.map((key) => keptName(key.to)))],
  };
}

function keptOf({ table, columns, rows }: Member): Cte {
  const name = keptName(table);
  return { name, text: `${name} as (select ${listText(columns)} ${rows.text})`, needs: rows.needs };
}

/**
 * Rows of tables that refer to each other in a circle: those that all else keeps are numbered, and what refers to a row
 * that is not among them is cut, with all that refers to what was cut.
 */
function keptOfCycle(members: readonly Member[]): Cte[] {
  const { place } = members[0]!.table;
  const [edge, cut] = [`confiture_edge_${place}`, `confiture_cut_${place}`];
  const candidates = members.map(({ table, columns, inside, rows }, i): Cte => {
    const name = candidateName(table);
    const leaf = inside.some(({ fromLeaves }) => fromLeaves !== null) ? ["tableoid"] : [];
    const list = listText(new Set([...columns, ...inside.flatMap(namesOf), ...leaf]));
    const number = `row_number() over () * ${members.length} + ${i} as confiture_row`;
    const text = `${name} as materialized (select ${list}, ${number} ${rows.text})`;
    return { name, text, needs: rows.needs };
  });
  const edges = members.flatMap(({ inside }) => inside.map(edgesText)).join(" union all ");
  return [
    ...candidates,
    {
      name: edge,
      text: `${edge} (child, parent) as materialized (${edges})`,
      needs: candidates.map(({ name }) => name),
    },
    {
      name: cut,
      text:
        `${cut} (child) as (select child from ${edge} where parent is null` +
        ` union select e.child from ${cut} c join ${edge} e on e.parent = c.child)`,
      needs: [edge],
      isRecursive: true,
    },
    ...members.map(({ table, columns }): Cte => {
      const name = keptName(table);
      // The planner takes a recursion for far bigger than it is, and would cut the join into a thousand batches.
      const rows = `(select distinct child from ${cut})`;
      const isCut = `exists (select from ${rows} c where c.child = t.confiture_row)`;
      const from = `from ${candidateName(table)} t where not ${isCut}`;
      const text = `${name} as (select ${listText(columns)} ${from})`;
      return { name, text, needs: [candidateName(table), cut] };
    }),
  ];
}

/** What refers to what by a key; null where that is no candidate. */
const edgesText = (key: Reference): string =>
  `select c.confiture_row, p.confiture_row from ${candidateName(key.from)} c` +
  ` left join ${candidateName(key.to)} p on ${matchText(key, "p", "c")}${whereText(referringConditions(key, "c"))}`;
