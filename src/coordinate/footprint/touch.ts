import * as z from "zod";
import { LOCKS, WORK } from "../../sql/impact.ts";

/**
 * What a statement does to an object. add child: a part of it (which has a touch of its own) comes, changes or goes;
 * read: its shape is used; opaque: code that nobody can look into may do anything in this schema, or anywhere.
 */
export const MODES = [
  "create",
  "drop",
  "rename",
  "change shape",
  "add child",
  "write data",
  "read data",
  "read",
  "opaque",
] as const;
export type Mode = (typeof MODES)[number];

/** An object by the name space it is named in (`relation`, `type`, `function`, …), or a part of one. */
export const touchedObjectSchema = z.object({
  type: z.string(),
  /** Null where the search path decides, and for what belongs to no schema. */
  schema: z.string().nullable(),
  /** `*` stands for any name. */
  name: z.string(),
  /** A column, constraint, trigger, comment and the like of it; the name `*` stands for all of the type. */
  part: z.object({ type: z.string(), name: z.string() }).nullable(),
});
export type TouchedObject = z.infer<typeof touchedObjectSchema>;

export const touchSchema = z.object({
  object: touchedObjectSchema,
  mode: z.enum(MODES),
  /** Place of its statement in the footprint. */
  statement: z.int(),
  /** What leads from the statement to an object that it does not name, e.g. `view public.v reads it`. */
  via: z.string().nullable(),
});
export type Touch = z.infer<typeof touchSchema>;

const touchingStatementSchema = z.object({
  file: z.string().nullable(),
  /** From 1. */
  line: z.int(),
  /** In SQL's words, e.g. `ADD COLUMN`. */
  operation: z.string(),
  /** The same for all ways to write the same statement. */
  meaning: z.string(),
  /** Locks on tables that are there, and what the statement goes through under them; null where that is not known. */
  locks: z.array(
    z.object({
      schema: z.string().nullable(),
      name: z.string(),
      lock: z.enum(LOCKS),
      work: z.enum(WORK).nullable(),
    }),
  ),
});

/** All that some SQL touches, directly and through what depends on what. */
export const footprintSchema = z.object({
  statements: z.array(touchingStatementSchema),
  touches: z.array(touchSchema),
});
export type Footprint = z.infer<typeof footprintSchema>;
