import { setImmediate } from "node:timers/promises";
import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { type Casts, readCasts } from "./casts.ts";
import { type IdAt, readDependencyEntries, resolveDependencies } from "./dependencies.ts";
import type { Kind, ObjectId, Reading } from "./kind.ts";
import { KINDS } from "./kinds/index.ts";
import { isOurs } from "./scope.ts";

/** One object: its identity and attributes as JSON values. */
export type Row = Readonly<Record<string, unknown>>;

/** All objects of one database, as a plain JSON value without anything that differs from server to server. */
export const snapshotSchema = z.object({
  major: z.int(),
  database: z.string(),
  /** By kind; every kind is there. */
  objects: z.record(z.string(), z.array(z.record(z.string(), z.unknown())).readonly()).readonly(),
});
export type Snapshot = Readonly<z.infer<typeof snapshotSchema>>;

/** A snapshot with what a plan needs to know besides the objects. */
export interface LinkedSnapshot extends Snapshot {
  /** What each object depends on, as pg_depend says, without itself. */
  readonly dependencies: ReadonlyMap<ObjectId, ReadonlySet<ObjectId>>;
  readonly casts: Casts;
}

export interface SnapshotOptions {
  /** Tables of the tool, qualified, that are left out with all that belongs to them; e.g. the ledger. */
  readonly ours?: readonly string[] | undefined;
  /** Role whose ownership says nothing, as on a scratch server. */
  readonly builder?: string | undefined;
  /** Role whose ownership of objects says nothing, instead of the builder. */
  readonly mainOwner?: string | undefined;
  /** Kinds to read; the others stay empty. */
  readonly only?: ((kind: Kind) => boolean) | undefined;
}

/** For `only`: what a database is, without who owns it and who may use it. */
export const isStructure = (kind: Kind): boolean => kind.environmental === undefined;

/** For `only`: objects that are part of no other, at a fraction of the time. */
export const isOutline = (kind: Kind): boolean => isStructure(kind) && kind.within === undefined;

/** What a snapshot says of some kinds, as if it had been read with `only`; those must be parts of no other. */
export const restrictTo = (snapshot: Snapshot, only: (kind: Kind) => boolean): Snapshot => ({
  ...snapshot,
  objects: Object.fromEntries(
    KINDS.map((kind) => [kind.name, only(kind) ? (snapshot.objects[kind.name] ?? []) : []]),
  ),
});

/** The kinds that a snapshot of the structure leaves out. */
export const ENVIRONMENTAL_KINDS: readonly string[] = KINDS.filter((kind) => !isStructure(kind)).map(
  (kind) => kind.name,
);

/** The roles that the objects of a snapshot name. */
export const rolesIn = (snapshot: Snapshot): string[] =>
  KINDS.flatMap((kind) => (snapshot.objects[kind.name] ?? []).flatMap((row) => kind.roles?.(row) ?? []));

/** What the query of a kind gives: where an object stands in the catalogs, as in pg_depend, and where its whole does. */
interface CatalogRow extends Record<string, unknown> {
  readonly oid: number | null;
  readonly sub?: number;
  readonly of_catalog?: string;
  readonly of_oid?: number | null;
  readonly of_sub?: number | null;
}

type RegisteredKind = (typeof KINDS)[number];

interface Found {
  readonly kind: Kind;
  /** Null when nothing can refer to it. */
  readonly oid: number | null;
  readonly sub: number;
  /** Of what it belongs to; null when that is nothing, undefined when the kind belongs to nothing. */
  readonly ofOid: number | null | undefined;
  readonly ofSub: number;
  readonly ofCatalog: string;
  readonly row: Record<string, unknown>;
  label: string;
  /** Null when the object, or what it belongs to, is left out; undefined until that is known. */
  id: ObjectId | null | undefined;
}

/** By catalog, then by `partKey`. */
type FoundByAddress = Map<string, Map<number, Found>>;

/** Rows checked before the event loop has its turn. */
const PORTION = 500;

/** An object or one of its at most 1,600 columns as one number. */
const partKey = (oid: number, sub: number): number => oid * 2048 + sub;

/**
 * Read every object of the database at one moment, without a trace in it. Inside a transaction that is open
 * already it reads what that transaction sees, and leaves its settings as they were. Throws SQL_001, or
 * INTERNAL_ERROR when the server answers what a kind does not expect.
 */
export const readSnapshot = (db: Connection, options: SnapshotOptions = {}): Promise<Snapshot> =>
  atOneMoment(db, async () => (await readObjects(db, options)).snapshot);

/** The same with dependencies and casts, so that a plan can be made from it. Throws as `readSnapshot`. */
export const readLinkedSnapshot = (db: Connection, options: SnapshotOptions = {}): Promise<LinkedSnapshot> =>
  atOneMoment(db, async () => {
    const [{ snapshot, known }, entries, casts] = await Promise.all([
      readObjects(db, options),
      readDependencyEntries(db),
      readCasts(db),
    ]);
    const idAt: IdAt = (catalog, oid, sub) => known.get(catalog)?.get(partKey(oid, sub))?.id ?? null;
    return { ...snapshot, dependencies: resolveDependencies(entries, idAt), casts };
  });

async function atOneMoment<T>(db: Connection, work: () => Promise<T>): Promise<T> {
  const read = async () => {
    await db.run(sql`set local search_path = ''; set local jit = off`);
    return work();
  };
  return db.transactionStatus === "I"
    ? db.transaction(read, sql`isolation level repeatable read read only`)
    : insideSavepoint(db, read);
}

/** Rolls back to the savepoint in any case, as that gives the transaction its settings back. */
async function insideSavepoint<T>(db: Connection, work: () => Promise<T>): Promise<T> {
  await db.run(sql`savepoint confiture_snapshot`);
  try {
    return await work();
  } finally {
    await db.run(sql`rollback to savepoint confiture_snapshot; release savepoint confiture_snapshot`);
  }
}

async function readObjects(
  db: Connection,
  options: SnapshotOptions,
): Promise<{ snapshot: Snapshot; known: FoundByAddress }> {
  const reading: Reading = { builder: options.builder ?? null, mainOwner: options.mainOwner ?? null };
  const [ours, ...found] = await Promise.all([
    ourRelations(db, options.ours ?? []),
    ...KINDS.map(async (kind) =>
      options.only?.(kind) === false
        ? []
        : checkAll(kind, await db.rows<CatalogRow>(kind.query(db.server, reading))),
    ),
  ]);
  const known: FoundByAddress = new Map();
  for (const object of found.flat()) register(object, known);
  for (const oid of ours) {
    const object = known.get("pg_class")?.get(partKey(oid, 0));
    if (object !== undefined) object.id = null;
  }
  const objects = Object.fromEntries(KINDS.map((kind, i) => [kind.name, rowsInScope(found[i] ?? [], known)]));
  return { snapshot: { major: db.server.major, database: db.server.database, objects }, known };
}

/** In portions, so that results of the next queries are taken from the server meanwhile. */
async function checkAll(kind: RegisteredKind, rows: readonly CatalogRow[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const raw of rows) {
    found.push(check(kind, raw));
    if (found.length % PORTION === 0) await setImmediate();
  }
  return found;
}

/** The row as its kind describes it; what it belongs to is not known before every kind was read. */
function check(kind: RegisteredKind, raw: CatalogRow): Found {
  if (raw.of_oid !== undefined) raw["of"] = "";
  const parsed = kind.row.safeParse(raw);
  if (!parsed.success)
    throw new ConfitureError("INTERNAL_ERROR", `Unexpected ${kind.name} in the catalog`, {
      details: { row: raw, issues: parsed.error.issues },
    });
  const { oid, sub = 0, of_oid: ofOid, of_sub: ofSub, of_catalog: ofCatalog = "pg_class" } = raw;
  const address = { oid, sub, ofOid, ofSub: ofSub ?? 0, ofCatalog };
  return { kind, ...address, row: parsed.data, label: "", id: undefined };
}

function register(object: Found, known: FoundByAddress): void {
  const { oid, sub } = object;
  if (oid === null) return;
  let catalog = known.get(object.kind.catalog);
  if (catalog === undefined) known.set(object.kind.catalog, (catalog = new Map<number, Found>()));
  catalog.set(partKey(oid, sub), object);
}

async function ourRelations(db: Connection, ours: readonly string[]): Promise<readonly number[]> {
  const rows = await db.rows<{ oid: number }>(sql`
    select c.oid from pg_class c where ${isOurs("c")}
    union select to_regclass(name)::oid from unnest(${[...ours]}::text[]) name
    where to_regclass(name) is not null`);
  return rows.map((row) => row.oid);
}

/** Finds out once whether the object is in the snapshot, and fills in its label, its id and `of`. */
function settle(object: Found, known: FoundByAddress): ObjectId | null {
  if (object.id !== undefined) return object.id;
  const { kind, ofOid, row } = object;
  if (typeof ofOid === "number") {
    const parts = known.get(object.ofCatalog);
    const parent = parts?.get(partKey(ofOid, object.ofSub)) ?? parts?.get(partKey(ofOid, 0));
    const of = parent === undefined ? null : settle(parent, known);
    if (of === null) return (object.id = null);
    row["of"] = of;
  } else if (ofOid === null) row["of"] = null;
  object.label = kind.label(row);
  return (object.id = `${kind.name} ${object.label}`);
}

/** Ordered by label, so that equal databases give equal snapshots. */
const rowsInScope = (found: readonly Found[], known: FoundByAddress): Row[] =>
  found
    .filter((object) => settle(object, known) !== null)
    .sort((a, b) => (a.label < b.label ? -1 : 1))
    .map(({ row }) => row);
