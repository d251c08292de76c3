import type { z } from "zod";
import type { Server } from "../pg/connection.ts";
import type { Sql } from "../sql/tag.ts";

/** What the engine knows about one kind of object, and all it may know. */
export interface Kind<Row extends object = object> {
  /** Also the file's name and the word in a diff. */
  readonly name: string;
  /** Attributes of `row` that identify the object; the rest is compared. */
  readonly key: readonly (keyof Row & string)[];
  /** The object's name for people, e.g. `public.users.email`. */
  label(row: Row): string;
  readonly row: z.ZodType<Row>;
  /** Reads every object of this kind; first column `oid`, the rest as in `row`. */
  query(server: Server): Sql;
  /** System catalog whose oids the query returns, so that pg_depend can be followed. */
  readonly catalog: string;
}

export const defineKind = <Row extends object>(kind: Kind<Row>): Kind<Row> => kind;
