import { ident } from "../../sql/tag.ts";
import type { Reference } from "./references.ts";
import { type Cte, matchText, referringConditions, tableText, whereText } from "./row-text.ts";
import { valueNames, type Wanted } from "./wanted.ts";

/** A column of the walk, for values of one type. */
interface Slot {
  readonly name: string;
  /** A query with a column of its type. */
  readonly witness: string;
  /** Of a type whose values need not be kept apart by key; else undefined. */
  readonly type: string | undefined;
}

/** What is wanted of one member of the cycle, and the slots for its values. */
interface Placed {
  readonly wanted: Wanted;
  readonly slots: readonly Slot[];
}

/** Types without collation and modifier. */
const SHARED: ReadonlySet<string> = new Set(["int2", "int4", "int8", "uuid"]);

/**
 * What is wanted of tables that refer to each other in a circle: a step looks up the rows that the last one told of, and
 * tells what they refer to inside the cycle. The column `wanted` says of which member the values of a row are.
 */
export function walkCtes(members: readonly Wanted[], isInside: (key: Reference) => boolean): Cte[] {
  const name = `confiture_walk_${members[0]!.number}`;
  const slots: Slot[] = [];
  const placed = members.map((wanted): Placed => ({ wanted, slots: placeValues(wanted.keys[0], slots) }));
  const rowText = ({ wanted, slots: own }: Placed, values: readonly string[], none: (slot: Slot) => string) =>
    [wanted.number, ...slots.map((slot) => values[own.indexOf(slot)] ?? none(slot))].join(", ");
  const seeds = placed.flatMap((one) =>
    one.wanted.sources.map(({ values, from }) => `select ${rowText(one, values, () => "null")} ${from.text}`),
  );
  // The first two give the columns their types, without modifiers, as the steps have them.
  const types = [
    `select 0, ${slots.map(({ witness }) => `(${witness})`).join(", ")} where false`,
    `select 0, ${slots.map(() => "null").join(", ")} where false`,
  ];
  const told = ["wanted", ...namesOf(slots)];
  const list = told.join(", ");
  // One member alone is all that there is: the planner guesses better without a condition.
  const isOf = ({ wanted }: Placed) => (members.length === 1 ? [] : [`w.wanted = ${wanted.number}`]);
  const steps = placed.map((one) => {
    const rows = onward(one, placed, isInside).map(({ to, refers, values }) => {
      const row = rowText(to, values, (slot) => `case when false then w.${slot.name} end`);
      return `(${refers}, ${row})`;
    });
    const [key] = one.wanted.keys;
    const match = matchText(key, "t", "w", namesOf(one.slots));
    return (
      `select ${told.map((column) => `o.${column}`).join(", ")} from ${tableText(key.to)} t` +
      ` cross join lateral (values ${rows.join(", ")})` +
      ` o (refers, ${list})${whereText([...isOf(one), match, "o.refers"])}`
    );
  });
  return [
    {
      name,
      text:
        `${name} (${list}) as ((${[...types, ...seeds].join(" union all ")})` +
        ` union select s.* from ${name} w cross join lateral (${steps.join(" union all ")}) s)`,
      needs: members.flatMap(({ sources }) => sources.flatMap(({ from }) => from.needs)),
      isRecursive: true,
    },
    ...placed.map((one) => ({
      name: one.wanted.name,
      text:
        `${one.wanted.name} (${valueNames(one.wanted.keys[0]).join(", ")}) as` +
        ` (select ${namesOf(one.slots).join(", ")} from ${name} w${whereText(isOf(one))})`,
      needs: [name],
    })),
  ];
}

const namesOf = (slots: readonly Slot[]): string[] => slots.map(({ name }) => name);

/** Slots for the values of a key, those that there are where the types allow it. */
function placeValues({ from, pairs }: Reference, slots: Slot[]): Slot[] {
  const own: Slot[] = [];
  for (const { column } of pairs) {
    const isShared = SHARED.has(column.baseType) && !column.isArray && !column.isDomain;
    const type = isShared ? column.baseType : undefined;
    let slot = slots.find((one) => type !== undefined && one.type === type && !own.includes(one));
    if (slot === undefined) {
      const witness = `select ${ident(column.name)} from ${tableText(from)} where false`;
      slot = { name: `v${slots.length + 1}`, witness, type };
      slots.push(slot);
    }
    own.push(slot);
  }
  return own;
}

/** What a row `t` of a member's table refers to inside the cycle. */
function onward(
  { wanted }: Placed,
  placed: readonly Placed[],
  isInside: (key: Reference) => boolean,
): { readonly to: Placed; readonly refers: string; readonly values: readonly string[] }[] {
  const table = wanted.keys[0].to;
  return placed.flatMap((to) =>
    to.wanted.keys
      .filter((key) => key.from === table && isInside(key))
      .map((key) => ({
        to,
        refers: referringConditions(key, "t").join(" and ") || "true",
        values: key.pairs.map(({ column }) => `t.${ident(column.name)}`),
      })),
  );
}
