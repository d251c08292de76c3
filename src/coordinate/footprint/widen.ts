import type { Catalog } from "./catalog.ts";
import { closure } from "./catalog.ts";
import { generatedName } from "./generated-names.ts";
import {
  type Effect,
  effect,
  hasSchema,
  keyOf,
  nameOf,
  PARTITION_INDEX,
  partOf,
  wholeOf,
} from "./objects.ts";
import { statementsOfRoutine } from "./routine-effects.ts";
import { statementEffects } from "./statement-effects.ts";
import type { TouchedObject } from "./touch.ts";

/** An effect, and what leads to it where the statement does not name its object. */
export interface Widened extends Effect {
  readonly via: string | null;
}

/** After these, what is built on the object is no more what it was. */
const DISTURBS: ReadonlySet<string> = new Set(["drop", "rename", "change shape"]);

/** What a statement touches by what the database has: names are resolved, and dependencies followed both ways. */
export function widen(
  effects: readonly Effect[],
  catalog: Catalog,
  searchPath: readonly string[],
): Widened[] {
  const found = new Map<string, Widened>();
  const add = (one: Widened): boolean => {
    const key = `${one.mode} ${keyOf(one.object)}`;
    if (found.has(key)) return false;
    found.set(key, one);
    return true;
  };
  for (const one of effects) {
    const object = resolve(one, catalog, searchPath);
    add({ mode: one.mode, object, via: null });
    if (one.mode === "create") for (const other of nextNames(object, catalog)) add(other);
  }
  // What is added on the way is looked at as well.
  for (const one of found.values()) for (const more of passedOn(one, catalog)) add(more);
  for (const one of found.values()) for (const more of around(one, catalog)) add(more);
  return [...found.values()];
}

/** A name without a schema is that of the first schema of the search path that has it; what is made comes into the first. */
export function resolve(
  { object, mode }: Effect,
  { has }: Catalog,
  searchPath: readonly string[],
): TouchedObject {
  if (object.schema !== null || object.name === "*" || !hasSchema(object.type)) return object;
  const whole = wholeOf(object);
  const found = searchPath.find((one) => has({ ...whole, schema: one }));
  const schema = mode === "create" && object.part === null ? searchPath[0] : found;
  return schema === undefined ? object : { ...object, schema };
}

/** Where a name that PostgreSQL chooses is taken, it adds the first free number. */
function nextNames(object: TouchedObject, { has }: Catalog): Widened[] {
  const names: TouchedObject[] = [];
  for (let i = 1; has(names.at(-1) ?? object); i++) names.push({ ...object, name: `${object.name}${i}` });
  return names.map((name) => ({ ...effect("create", name), via: `${nameOf(object)} is there already` }));
}

/** What is done to a table is done to those that inherit from it, and its rows are theirs as well. */
function passedOn({ object, mode }: Widened, catalog: Catalog): Widened[] {
  if (object.type !== "relation" || mode === "read") return [];
  const via = `it inherits from ${nameOf(wholeOf(object))}`;
  return catalog.heirs(wholeOf(object)).map((heir) => ({ mode, object: inHeir(object, heir), via }));
}

function inHeir({ part }: TouchedObject, heir: TouchedObject): TouchedObject {
  if (part?.type !== PARTITION_INDEX) return { ...heir, part };
  const [columns, label] = JSON.parse(part.name) as [string | null, string];
  return { ...heir, name: generatedName(heir.name, columns, label) };
}

/** One step from an object: what it stands on, what stands on it, and where its rows lead. */
function around({ object, mode }: Widened, catalog: Catalog): Widened[] {
  if (mode === "opaque" || mode === "create") return [];
  const name = nameOf(object);
  const down = catalog.dependencies(object).flatMap((on) => readsOfObject(on, `${name} depends on it`));
  const up = DISTURBS.has(mode)
    ? catalog.dependents(object).flatMap((one) => {
        const via = `it depends on ${name}`;
        const own = { ...effect(mode === "drop" ? "drop" : "change shape", one), via };
        return one.part === null ? [own] : [own, { ...effect("add child", wholeOf(one)), via }];
      })
    : [];
  return [
    ...down,
    ...up,
    ...ofTable({ object, mode }, catalog),
    ...throughCode(object, name, catalog),
    ...(mode === "write data" ? rowsOf(object, catalog) : []),
    ...(mode === "write data" || mode === "read data" ? rowsBelow({ object, mode }, catalog) : []),
  ];
}

/** An index and the like has a name of its own in the schema, and is a part of its table; so are remarks on it. */
function ofTable({ object, mode }: Effect, catalog: Catalog): Widened[] {
  const whole = wholeOf(object);
  const type = object.part === null ? partType(whole, catalog) : object.part.type;
  const isPart = object.part === null || REMARKS.has(object.part.type);
  if (type === null || !isPart || !DISTURBS.has(mode) || partType(whole, catalog) === null) return [];
  const relations = catalog.dependencies(whole).filter((on) => on.type === "relation");
  const tables = new Map(relations.map(wholeOf).map((table) => [keyOf(table), table]));
  const via = `${nameOf(object)} is a part of it`;
  return [...tables.values()].flatMap((table) => [
    { ...effect(object.part === null ? "add child" : "read", table), via },
    { ...effect(mode, partOf(table, type, object.name)), via },
  ]);
}

const REMARKS: ReadonlySet<string> = new Set(["comment", "security label"]);

function partType(object: TouchedObject, { isIndex }: Catalog): string | null {
  if (object.type === "statistics") return "statistics";
  return isIndex(object) ? "index" : null;
}

const readsOfObject = (object: TouchedObject, via: string): Widened[] => [
  { ...effect("read", object), via },
  ...(object.part === null ? [] : [{ ...effect("read", wholeOf(object)), via }]),
];

/** What code does whenever it runs. */
const PASSED_ON: ReadonlySet<string> = new Set(["opaque", "read data", "write data"]);

/** What the code of a routine names. */
function throughCode(object: TouchedObject, name: string, catalog: Catalog): Widened[] {
  if (object.type !== "function") return [];
  return catalog.routines(object).flatMap((definition) =>
    statementsOfRoutine(definition).flatMap((statement) =>
      statementEffects(statement).map((inner) => ({
        object: resolve({ ...inner, mode: "read" }, catalog, catalog.searchPath),
        mode: PASSED_ON.has(inner.mode) ? inner.mode : ("read" as const),
        via: `the code of ${name} names it`,
      })),
    ),
  );
}

/** Writing rows fires triggers, and reaches over foreign keys, partitions and inheritance. */
function rowsOf(object: TouchedObject, catalog: Catalog): Widened[] {
  const whole = wholeOf(object);
  const name = nameOf(whole);
  const triggers = catalog.dependents(whole).filter(({ part }) => part?.type === "trigger");
  return [
    ...triggers.map((trigger) => ({ ...effect("read", trigger), via: `rows of ${name} fire it` })),
    ...catalog
      .relatives(whole)
      .map((other) => ({ ...effect("write data", other), via: `rows of ${name} are tied to it` })),
    ...catalog
      .sequences(whole)
      .map((one) => ({ ...effect("write data", one), via: `rows of ${name} take their numbers from it` })),
    { ...effect("read", partOf(whole, "constraint", "*")), via: `rows of ${name} are checked by it` },
  ];
}

/** The rows of a view are those of what it selects from. */
function rowsBelow({ object, mode }: Effect, catalog: Catalog): Widened[] {
  const view = wholeOf(object);
  const below = closure(view, (one) =>
    catalog
      .dependencies(one)
      .filter(({ type }) => type === "relation")
      .map(wholeOf),
  );
  return below.map((other) => ({ ...effect(mode, other), via: `${nameOf(view)} shows its rows` }));
}
