import type * as z from "zod";
import type { Server } from "../pg/connection.ts";
import type { Sql } from "../sql/tag.ts";
import type { Folder } from "./folder.ts";
import type { Place, Statements } from "./statement.ts";

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
  readonly environmental?: "owner" | "privilege";
  /** Says something about another object that changes nothing in what it is: a note, or a mark for another program. */
  readonly isRemark?: true;
  /** How a drift report tells of it, where that is not by its name and what happened to it. */
  readonly drift?: {
    /** The report counts how many of it were compared. */
    readonly counted?: "tables" | "columns" | "indexes";
    /** It says something of another object, and this is the type of any difference in what it says. */
    readonly type?: string;
    /** How bad such a difference is. */
    readonly severity?: "critical" | "warning";
  };
  /** Per attribute, when two different values are no difference. */
  readonly same?: { readonly [A in keyof Row]?: (from: Row[A], to: Row[A]) => boolean };

  /** How COMMENT ON and the like name it, where that is not the kind and the label: `constraint c on s.t`. */
  address?(row: Row): string;
  /** Makes the object; nothing when it is there by itself. */
  create(row: Row, place: Place): Statements;
  drop(row: Row, place: Place): Statements;
  /**
   * Per attribute, what brings it from one value to another; null when that cannot be done in place. Equal
   * statements of several attributes run once. An attribute that is not listed means drop and create.
   */
  readonly alter?: { readonly [A in keyof Row]?: (to: Row, from: Row, place: Place) => Statements | null };
  /** The clause by which it is made with the object of `within`, one of the place's `parts` there; null when it cannot be. */
  inline?(row: Row, place: Place): string | null;
  /** Its statements hold code that may use what later ones make. */
  readonly holdsCode?: true;
  /** What neither `create` nor `inline` can say; runs after either. */
  finish?(row: Row, place: Place): Statements;
  /** Where it stands among the parts of one object; not compared. */
  position?(row: Row): number;
  /** Its rows or its state are lost with it, so that it is never dropped to be made again. */
  holdsRows?(row: Row): boolean;
  /** Attributes that PostgreSQL alters only when no other object depends on this one. */
  readonly disturbs?: readonly (keyof Row & string)[];
  /** PostgreSQL carries it along when a column that it depends on is altered. */
  readonly carried?: true;
  /** Attributes whose alteration gives or takes parts by itself, so that those are looked at again afterwards. */
  readonly reshapes?: readonly (keyof Row & string)[];
  /** Of an exported schema, where its file lies; a part without one is only ever in a folder of its whole. */
  readonly folder?: Folder;
  /** Name of its file, where that is not its label: objects of one name share a file. */
  file?(row: Row): string;
  /** What its statements leave out, as it is a secret, and has to be set by hand. */
  byHand?(row: Row): string | null;
  /** Dropped before what it belongs to is reshaped, as that may bring another one of its name. */
  readonly makesWay?: true;
  /** What it depends on besides what pg_depend says. */
  needs?(row: Row): readonly ObjectId[];
  /** Names, as `occupies` gives them, of relations and types that it depends on, whatever their kind. */
  needsNamed?(row: Row): readonly string[];
  /** Names, as `occupies` gives them, of what is made before it, as it takes that over. */
  takesOver?(row: Row): readonly string[];
  /** Word of GRANT … ON for it, where that is not its own: a view is granted on as a table. */
  readonly grantedAs?: string;
  /** Qualified names that it takes away from relations and types of other kinds. */
  occupies?(row: Row): readonly string[];
  /** Roles that it names, besides public; they belong to the server. */
  roles?(row: Row): readonly string[];
  /** Gives it another name in the same schema or table. */
  rename?(row: Row, name: string): Statements;
  /** What it holds by name without being objects of their own, and can give other names. */
  readonly members?: Members<Row>;
  /** Moves rows from a type that was renamed away to the new one of the old name; null when that cannot be done in place. */
  repoint?(row: Row, place: Place): Statements | null;

  /** Attributes that PostgreSQL never alters, but that it takes on with its rows when it, or its whole, is made anew. */
  readonly byCopy?: readonly (keyof Row & string)[];
  /** Moves it, with what is part of it, to a schema where it waits until its rows were taken over; `leaves` its parent, too. */
  setAside?(row: Row, schema: string, leaves: boolean): Statements;
  /** What moves it along to another schema, where that is not what it is within. */
  movesWith?(row: Row): ObjectId | null;
  /** It stays where it is when what it is within moves to another schema. */
  readonly staysBehind?: true;
  /** Brings over rows or state from what was set aside. */
  takeOver?(to: Row, from: Row, aside: Aside): Statements;
  /** Of a part, the column that is filled and the value from the old row; null when it has none to take. */
  taken?(to: Row, from: Row, place: Place): Taken | null;
}

/** Where rows are taken over from. */
export interface Aside {
  readonly schema: string;
  readonly columns: readonly Taken[];
}

/** A column, and the expression over the old row that fills it. */
export interface Taken {
  readonly column: string;
  readonly value: string;
}

/** Parts of an object's row with names of their own. */
export interface Members<Row extends object> {
  /** The word for one of them. */
  readonly name: string;
  readonly catalog: string;
  /** Those of one object; one of another name and the same `shape` may be the same one. */
  of(row: Row): readonly { readonly name: string; readonly shape: unknown }[];
  rename(row: Row, from: string, to: string): Statements;
}

/** What a query may depend on besides the server. */
export interface Reading {
  /** Role whose ownership says nothing; read as null. */
  readonly builder: string | null;
  /** Role that owns whatever says nothing else; read as null as owner of an object. */
  readonly mainOwner: string | null;
}

export const defineKind = <Row extends object>(kind: Kind<Row>): Kind<Row> => kind;
