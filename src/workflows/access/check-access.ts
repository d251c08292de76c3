import { findLedger } from "../../migrate/ledger/ledger.ts";
import type { Target } from "../../migrate/target.ts";
import { Connection } from "../../pg/connection.ts";
import { isOurs } from "../../schema/scope.ts";
import { identSql, sql } from "../../sql/tag.ts";
import type { DriftItem } from "../drift-items.ts";
import { type GrantExpectation, grantItems } from "./grant-items.ts";
import { type OwnerExpectation, ownerItems } from "./owner-items.ts";

/** Who shall own what, and who may use it, as a config file says. */
export interface DeclaredAccess {
  /** The database that is compared with it. */
  readonly target: Target;
  readonly grants?: readonly GrantExpectation[] | undefined;
  readonly owners?: OwnerExpectation | undefined;
}

/** How a database differs from it. */
export interface AccessFindings {
  readonly database: string;
  readonly items: readonly DriftItem[];
  /** Relations that were looked at. */
  readonly checked: number;
  readonly hints: readonly string[];
}

/** A table, sequence or view that something may be declared of. */
export interface Relation {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  /** pg_class.relkind, `r` of a partitioned table too. */
  readonly relkind: "r" | "S" | "v" | "m";
  readonly partition: boolean;
  readonly owner: string;
  /** Kind and name. */
  readonly id: string;
}

/** Compares a database with what is declared, without the ledger and our other tables; only reads it. */
export async function checkAccess({ target, grants, owners }: DeclaredAccess): Promise<AccessFindings> {
  await using db = await Connection.open(target.url, target);
  const ledger = await findLedger(db, target.trackingTable);
  return await db.transaction(
    async () => {
      const relations = await readRelations(db, ledger.path);
      const found = [
        ...(grants ? [await grantItems(db, relations, grants)] : []),
        ...(owners ? [ownerItems(relations, owners)] : []),
      ];
      const [{ name }] = (await db.rows<{ name: string }>(sql`select current_database() as name`)) as [
        { name: string },
      ];
      return {
        database: name,
        items: found.flatMap(({ items }) => items),
        checked: new Set(found.flatMap(({ checked }) => checked)).size,
        hints: found.flatMap(({ hints }) => hints),
      };
    },
    sql`isolation level repeatable read read only`,
  );
}

/** A sequence of a column follows its table, and is left out. */
const readRelations = (db: Connection, ledger: readonly string[]): Promise<Relation[]> =>
  db.rows<Relation>(sql`
    select c.oid::text as oid, n.nspname as schema, c.relname as name,
      case c.relkind when 'p' then 'r' else c.relkind::text end as relkind, c.relispartition as partition,
      pg_get_userbyid(c.relowner)::text as owner, replace(o.type, ' ', '-') || ' ' || o.identity as id
    from pg_class c join pg_namespace n on n.oid = c.relnamespace,
      pg_identify_object('pg_class'::regclass, c.oid, 0) o
    where c.relkind in ('r', 'p', 'S', 'v', 'm')
      and not ${isOurs("c")}
      and c.oid is distinct from to_regclass(${identSql(...ledger).text}::text)
      and not exists (select from pg_depend d where c.relkind = 'S' and d.classid = 'pg_class'::regclass
        and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i'))
    order by n.nspname, c.relname`);
