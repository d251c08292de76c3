import { ident } from "../../sql/tag.ts";
import { components } from "./components.ts";
import type { KeptRows } from "./kept-rows.ts";
import type { CopiedTable, CopiedTables, Reference } from "./references.ts";
import { type Cte, tableText } from "./row-text.ts";
import { walkCtes } from "./walk.ts";
import { alike, type Source, sourceOf, type Wanted, wantedCte, wantedText } from "./wanted.ts";

/** Rows that are copied because others refer to them, whatever the rule of their table says. */
export interface AddedRows {
  /** Each reads only kept rows and earlier ones. */
  readonly ctes: readonly Cte[];
  /** By what rows of a table are wanted: one is added for any of them. */
  readonly wanted: (table: CopiedTable) => readonly Wanted[];
}

const addedName = ({ place }: CopiedTable): string => `confiture_added_${place}`;

export function addedRows(copied: CopiedTables, kept: KeptRows): AddedRows {
  const adding = addingTables(copied, kept);
  const wanted = new Map<CopiedTable, readonly Wanted[]>();
  const ctes: Cte[] = [];
  let count = 0;
  // Rows that are kept want those of tables with `referenced`; rows that are added want all that they refer to.
  const isWantedByKept = ({ from, to }: Reference) =>
    to.rules.referenced !== undefined && kept.keys(from) !== null;
  const sourcesOf = (key: Reference, isAdded: boolean): Source[] => {
    const keys = isWantedByKept(key) ? kept.keys(key.from) : null;
    const added = { text: addedName(key.from), needs: [addedName(key.from)] };
    return [...(keys === null ? [] : [keys]), ...(isAdded ? [added] : [])].map((part) => sourceOf(key, part));
  };
  const groups = components([...adding], (table) =>
    copied.to(table).flatMap(({ from }) => (adding.has(from) ? [from] : [])),
  );
  for (const group of groups) {
    const isInside = (key: Reference) => group.includes(key.from);
    const members = group.flatMap((table) => {
      const used = copied.to(table).filter((key) => adding.has(key.from) || isWantedByKept(key));
      const own = alike(used).map((keys): Wanted => {
        const number = ++count;
        const sources = keys.flatMap((key) => sourcesOf(key, adding.has(key.from) && !isInside(key)));
        return { name: `confiture_wanted_${number}`, number, keys, sources };
      });
      wanted.set(table, own);
      return own;
    });
    const isCycle = members.some(({ keys }) => keys.some(isInside));
    ctes.push(...(isCycle ? walkCtes(members, isInside) : members.map(wantedCte)));
    for (const table of group) {
      const onward = copied.from(table).filter(({ to }) => adding.has(to) && !group.includes(to));
      if (onward.length > 0) ctes.push(addedCte(table, onward, wanted.get(table)!));
    }
  }
  return { ctes, wanted: (table) => wanted.get(table) ?? [] };
}

/** Those with `referenced`, and those that they lead to, as far as rows of them may be missing. */
function addingTables({ tables, from }: CopiedTables, { isPartial }: KeptRows): Set<CopiedTable> {
  const found = new Set(tables.filter((table) => table.rules.referenced !== undefined && isPartial(table)));
  // A set gives what is added to it while it is gone through.
  for (const table of found) for (const { to } of from(table)) if (isPartial(to)) found.add(to);
  return found;
}

/** The added rows' columns that keys need. */
function addedCte(table: CopiedTable, onward: readonly Reference[], wanted: readonly Wanted[]): Cte {
  const name = addedName(table);
  const columns = onward.flatMap(({ pairs, fromLeaves }) => [
    ...pairs.map(({ column }) => ident(column.name)),
    ...(fromLeaves === null ? [] : ["tableoid"]),
  ]);
  const list = [...new Set(columns)].map((column) => `t.${column}`).join(", ");
  const rows = wanted.map((one) => `select ${list} from ${tableText(table)} t where ${wantedText(one)}`);
  const none = `select ${list} from ${tableText(table)} t where false`;
  return {
    name,
    text: `${name} as (${rows.length === 0 ? none : rows.join(" union all ")})`,
    needs: wanted.map((one) => one.name),
  };
}
