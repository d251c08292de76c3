import type { ObjectName } from "../../sql/object-name.ts";
import type { Mode, TouchedObject } from "./touch.ts";

/** What one statement does to one object. */
export interface Effect {
  readonly object: TouchedObject;
  readonly mode: Mode;
}

/** Names of parts of relations, which `ObjectName` writes as `relation.name`. */
const PARTS: ReadonlySet<string> = new Set(["policy", "rule", "trigger"]);

/** Types whose names no schema holds. */
const WITHOUT_SCHEMA: ReadonlySet<string> = new Set([
  "access method",
  "database",
  "event trigger",
  "extension",
  "foreign data wrapper",
  "language",
  "publication",
  "role",
  "schema",
  "server",
  "subscription",
  "tablespace",
]);

export const hasSchema = (type: string): boolean => !WITHOUT_SCHEMA.has(type);

/** The object of a name in a statement; of a trigger, policy or rule, the part of its relation. */
export function objectOf({ type, name, ...rest }: ObjectName): TouchedObject {
  const schema = rest.schema ?? null;
  const dot = PARTS.has(type) ? name.indexOf(".") : -1;
  if (dot === -1) return { type, schema, name, part: null };
  return { type: "relation", schema, name: name.slice(0, dot), part: { type, name: name.slice(dot + 1) } };
}

/** One of a type within an object; the name `*` stands for all of them. */
export const partOf = (whole: TouchedObject, type: string, name: string): TouchedObject => ({
  ...whole,
  part: { type, name },
});

export const wholeOf = (object: TouchedObject): TouchedObject =>
  object.part === null ? object : { ...object, part: null };

/** For maps; a part's name stands behind that of its whole. */
export const keyOf = ({ type, schema, name, part }: TouchedObject): string =>
  JSON.stringify([type, schema, name, part?.type, part?.name]);

/** As people write it: `column public.users.email`. */
export function nameOf({ type, schema, name, part }: TouchedObject): string {
  const whole = schema === null ? name : `${schema}.${name}`;
  return part === null ? `${type} ${whole}` : `${part.type} ${whole}.${part.name}`;
}

export const effect = (mode: Mode, object: TouchedObject): Effect => ({ object, mode });

/** The same for each of several names. */
export const effects = (mode: Mode, objects: readonly ObjectName[]): Effect[] =>
  objects.map((object) => effect(mode, objectOf(object)));

/** That an object is used; of a routine, any of its signatures may be. */
export const reads = (object: TouchedObject): Effect[] => [
  effect("read", object),
  ...(object.type === "function" ? [effect("read", partOf(object, "signature", "*"))] : []),
];

/** What a statement does to parts of a relation, and that the relation is touched by it. */
export const partEffects = (
  mode: Mode,
  whole: TouchedObject,
  parts: readonly TouchedObject[],
  onWhole: Mode = "add child",
): Effect[] => [effect(onWhole, whole), ...parts.map((part) => effect(mode, part))];

/** Code that nobody can look into, within a schema or anywhere. */
export const opaque = (schema: string | null): Effect =>
  effect("opaque", { type: "schema", schema: null, name: schema ?? "*", part: null });

/**
 * Each partition gets an index of its own with an index of the whole, whose name PostgreSQL makes of the partition's,
 * these columns and a label; it stands as a part of the whole until its partitions are known.
 */
export const partitionIndex = (whole: TouchedObject, columns: string | null, label: string): Effect =>
  effect("create", partOf(whole, PARTITION_INDEX, JSON.stringify([columns, label])));

export const PARTITION_INDEX = "index of partitions";
