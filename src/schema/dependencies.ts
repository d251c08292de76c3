import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import type { ObjectId } from "./kind.ts";

/** A row of pg_depend between objects that no one made for PostgreSQL itself. */
interface DependencyEntry {
  readonly class: string;
  readonly oid: number;
  readonly sub: number;
  readonly ref_class: string;
  readonly ref_oid: number;
  readonly ref_sub: number;
  readonly type: string;
}

/** The object of a snapshot at an address, as in pg_depend; null when none is. */
export type IdAt = (catalog: string, oid: number, sub: number) => ObjectId | null;

/** Oids below are PostgreSQL's own, but for the schema public. */
const FIRST_NORMAL_OID = 16384;

/** That a function names a type which is made of the function: it comes before the type, after the type's name. */
const madeOfIt = sql`(d.classid = 'pg_proc'::regclass and d.refclassid = 'pg_type'::regclass and exists (
  select from pg_depend back where back.classid = d.refclassid and back.objid = d.refobjid
    and back.refclassid = d.classid and back.refobjid = d.objid))`;

export const readDependencyEntries = (db: Connection): Promise<DependencyEntry[]> =>
  db.rows<DependencyEntry>(sql`
    select classid::regclass::text as class, objid as oid, objsubid as sub,
      refclassid::regclass::text as ref_class, refobjid as ref_oid, refobjsubid as ref_sub, deptype::text as type
    from pg_depend d where objid >= ${FIRST_NORMAL_OID}
      and (refobjid >= ${FIRST_NORMAL_OID} or refclassid = 'pg_namespace'::regclass) and not ${madeOfIt}`);

const addressKey = (catalog: string, oid: number, sub: number): string => `${catalog} ${oid} ${sub}`;

/**
 * Dependencies between objects of a snapshot. What is no object itself stands for the one it was made for: the
 * array type for its element, the rule for its view, a constraint's index for the constraint, the clone of a
 * partition for its parent's, a member for its extension. What a clone needs besides, its partition above all, the
 * parent's does not. The types of dependency: PostgreSQL's manual, "pg_depend".
 */
export function resolveDependencies(
  entries: readonly DependencyEntry[],
  idAt: IdAt,
): Map<ObjectId, Set<ObjectId>> {
  const madeFor = new Map<string, DependencyEntry>();
  const clones = new Set<string>();
  for (const entry of entries) {
    const isMade = "iPe".includes(entry.type) || (entry.type === "a" && entry.class === "pg_attrdef");
    const key = addressKey(entry.class, entry.oid, entry.sub);
    if (entry.type === "P") clones.add(key);
    if (isMade && !(entry.type === "P" && madeFor.has(key))) madeFor.set(key, entry);
  }
  const resolved = new Map<string, ObjectId | null>();
  const resolve = (catalog: string, oid: number, sub: number): ObjectId | null => {
    const key = addressKey(catalog, oid, sub);
    const known = resolved.get(key);
    if (known !== undefined) return known;
    resolved.set(key, null);
    const origin = madeFor.get(key);
    const found =
      idAt(catalog, oid, sub) ??
      (origin ? resolve(origin.ref_class, origin.ref_oid, origin.ref_sub) : null) ??
      (sub === 0 ? null : resolve(catalog, oid, 0));
    resolved.set(key, found);
    return found;
  };
  const dependencies = new Map<ObjectId, Set<ObjectId>>();
  const isClone = ({ class: catalog, oid, sub }: DependencyEntry): boolean =>
    clones.has(addressKey(catalog, oid, sub)) && idAt(catalog, oid, sub) === null;
  for (const entry of entries) {
    if (isClone(entry)) continue;
    const from = resolve(entry.class, entry.oid, entry.sub);
    const on = from === null ? null : resolve(entry.ref_class, entry.ref_oid, entry.ref_sub);
    if (from === null || on === null || from === on) continue;
    const known = dependencies.get(from);
    if (known) known.add(on);
    else dependencies.set(from, new Set([on]));
  }
  return dependencies;
}
