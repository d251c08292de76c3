import type { Footprint, Touch } from "../footprint/touch.ts";

/** By which the intents are found that may meet another. No schema: the search path decides, or it has none. */
export interface TouchedName {
  readonly schema: string;
  /** `*` stands for any name. */
  readonly name: string;
  readonly only_reads: boolean;
}

/** Modes that change nothing. */
export const READS: ReadonlySet<Touch["mode"]> = new Set(["read", "read data"]);

/** In these modes a schema comes, goes or changes its name with all that is in it. */
const WHOLE_SCHEMA: ReadonlySet<Touch["mode"]> = new Set(["create", "drop", "rename"]);

/** A function may be named with its arguments by one and without them by the other. */
const withoutArguments = (name: string): string => name.replace(/(?<=.)\(.*$/s, "");

/** The distinct names of all that a footprint touches or locks; two that only read do not meet. */
export function touchedNames({ statements, touches }: Footprint): TouchedName[] {
  const found = new Map<string, TouchedName>();
  const add = (schema: string | null, fullName: string, onlyReads: boolean) => {
    const name = withoutArguments(fullName);
    const key = JSON.stringify([schema ?? "", name]);
    const known = found.get(key)?.only_reads ?? true;
    found.set(key, { schema: schema ?? "", name, only_reads: known && onlyReads });
  };
  for (const { object, mode } of touches) {
    // A column of whatever relation the statement touches: that is there by its own name.
    if (object.name === "*" && object.part !== null) continue;
    if (mode === "opaque") add(object.name === "*" ? null : object.name, "*", false);
    else add(object.schema, object.name, READS.has(mode));
    if (object.type === "schema" && WHOLE_SCHEMA.has(mode)) add(object.name, "*", false);
  }
  for (const { schema, name, lock } of statements.flatMap(({ locks }) => locks))
    add(schema, name, lock === "ACCESS SHARE");
  return [...found.values()];
}

/** The footprint of what nobody can look into: it may touch anything. */
export const OPAQUE: Footprint = {
  statements: [{ file: null, line: 1, operation: "unknown", meaning: "unknown", locks: [] }],
  touches: [
    {
      object: { type: "schema", schema: null, name: "*", part: null },
      mode: "opaque",
      statement: 0,
      via: null,
    },
  ],
};

/** Tables and views that a footprint does more than read; not what is an index of one of them. */
export function changedTables({ touches }: Footprint): string[] {
  const changed = touches.filter(
    ({ object, mode }) => object.type === "relation" && mode !== "opaque" && !READS.has(mode),
  );
  const indexes = new Set(
    changed.flatMap(({ object: { part } }) =>
      part?.type === "index" || part?.type === "constraint" ? [part.name] : [],
    ),
  );
  const tables = changed.filter(({ object }) => object.name !== "*" && !indexes.has(object.name));
  return [
    ...new Set(
      tables.map(({ object }) => (object.schema === null ? object.name : `${object.schema}.${object.name}`)),
    ),
  ];
}
