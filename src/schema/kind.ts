import type * as z from "zod";
import type { Server } from "../pg/connection.ts";
import type { Sql } from "../sql/tag.ts";

/** One object of a snapshot for people and for references: its kind and its label, e.g. `table public.users`. */
export type ObjectId = string;

/** What the engine knows about one kind of object, and all it may know. */
export interface Kind<Row extends object = object> {
  /** Also the file's name and the word in a diff. */
  readonly name: string;
  /** Attributes of `row` that identify the object; the rest is compared. */
  readonly key: readonly (keyof Row & string)[];
  /** The object's name for people, e.g. `public.users.email`; unique within the kind. */
  label(row: Row): string;
  readonly row: z.ZodType<Row>;
  /**
   * Reads every object of this kind, as in `row`, plus the object's own address `oid` (and `sub`, when it is
   * a part), as in pg_depend. A query may also give the address of the object this one belongs to:
   * `of_catalog`, `of_oid` and `of_sub`. The reader turns it into the attribute `of`, an `ObjectId` or null,
   * and leaves the row out when that object is not in the snapshot.
   */
  query(server: Server, reading: Reading): Sql;
  /** System catalog whose oids the query returns, so that pg_depend can be followed. */
  readonly catalog: string;
  /** The object that, when it is added or removed as well, says this change already. */
  within?(row: Row): ObjectId | null;
  /** Decided by where the database stands rather than by what it is: who owns what, and who may use it. */
  readonly environmental?: true;
  /** Per attribute, when two different values are no difference. */
  readonly same?: { readonly [A in keyof Row]?: (from: Row[A], to: Row[A]) => boolean };
}

/** What a query may depend on besides the server. */
export interface Reading {
  /** Role whose ownership says nothing; read as null. */
  readonly builder: string | null;
}

export const defineKind = <Row extends object>(kind: Kind<Row>): Kind<Row> => kind;
