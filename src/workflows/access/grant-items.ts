import type { Connection } from "../../pg/connection.ts";
import { ident, sql } from "../../sql/tag.ts";
import type { DriftItem } from "../drift-items.ts";
import type { Relation } from "./check-access.ts";
import { accessKind, isMeant, nameOf } from "./meant.ts";

/** Privileges that roles must have on tables of a schema. */
export interface GrantExpectation {
  readonly schema: string;
  /** Globs on names. */
  readonly apply_to: "ALL_TABLES" | readonly string[];
  readonly ignore: readonly string[];
  readonly grants: readonly { readonly role: string; readonly privileges: readonly string[] }[];
}

interface Privilege {
  readonly table: Relation;
  readonly role: string;
  readonly privilege: string;
}

/** What a role cannot do though it must, by whatever way it could; what is granted beyond, to a role that is named. */
export async function grantItems(
  db: Connection,
  relations: readonly Relation[],
  expectations: readonly GrantExpectation[],
): Promise<{ readonly items: DriftItem[]; readonly checked: Relation[]; readonly hints: string[] }> {
  const tables = relations.filter(({ relkind, partition }) => relkind === "r" && !partition);
  const expected = new Map<string, Privilege>();
  const checked = new Set<Relation>();
  const hints: string[] = [];
  for (const expectation of expectations) {
    const meant = tables.filter((table) => isMeantBy(expectation, table));
    if (meant.length === 0) hints.push(`acls: no table of ${expectation.schema} is meant`);
    for (const table of meant) {
      checked.add(table);
      for (const { role, privileges } of expectation.grants)
        for (const privilege of privileges) {
          const one = { table, role: nameOf(role), privilege: privilege.toLowerCase() };
          expected.set(keyOf(one), one);
        }
    }
  }
  const missing = await missingOf(db, [...expected.values()]);
  const roles = new Set(expectations.flatMap(({ grants }) => grants.map(({ role }) => nameOf(role))));
  const granted = await grantedOn(db, [...checked]);
  const extra = granted.filter((one) => roles.has(one.role) && !expected.has(keyOf(one)));
  return { items: [...missing, ...extra.map(extraItem)], checked: [...checked], hints };
}

const isMeantBy = ({ schema, apply_to, ignore }: GrantExpectation, table: Relation): boolean =>
  table.schema === nameOf(schema) &&
  (apply_to === "ALL_TABLES" || isMeant(table.name, apply_to)) &&
  !isMeant(table.name, ignore);

const keyOf = ({ table, role, privilege }: Privilege): string => JSON.stringify([table.oid, role, privilege]);

const labelOf = ({ table, role, privilege }: Privilege): string =>
  `${privilege} on ${table.id} to ${ident(role)}`;

async function missingOf(db: Connection, expected: readonly Privilege[]): Promise<DriftItem[]> {
  const rows = await db.rows<{ nr: string; is_role: boolean }>(sql`
    select e.nr, r.is_role
    from unnest(${expected.map(({ table }) => table.oid)}::oid[], ${expected.map(({ role }) => role)}::text[],
        ${expected.map(({ privilege }) => privilege)}::text[]) with ordinality e (oid, role, privilege, nr),
      lateral (select e.role = 'public' or exists (select from pg_roles where rolname = e.role) as is_role) r
    where not case when r.is_role then has_table_privilege(e.role, e.oid, e.privilege) else false end
    order by e.nr`);
  return rows.map(({ nr, is_role }) => missingItem(expected[Number(nr) - 1]!, is_role));
}

/** Privileges that were given to others than the owner. */
async function grantedOn(db: Connection, tables: readonly Relation[]): Promise<Privilege[]> {
  const rows = await db.rows<{ oid: string; role: string; privilege: string }>(sql`
    select distinct c.oid::text as oid, lower(x.privilege_type) as privilege,
      case x.grantee when 0 then 'public' else pg_get_userbyid(x.grantee)::text end as role
    from pg_class c cross join aclexplode(c.relacl) x
    where c.oid = any (${tables.map(({ oid }) => oid)}::oid[]) and x.grantee <> c.relowner`);
  return tables.flatMap((table) =>
    rows
      .filter(({ oid }) => oid === table.oid)
      .map(({ role, privilege }) => ({ table, role, privilege }))
      .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
  );
}

function missingItem(one: Privilege, isRole: boolean): DriftItem {
  const { name } = accessKind("privilege");
  const object = labelOf(one);
  return {
    type: `missing_${name}`,
    severity: isRole ? "critical" : "warning",
    kind: name,
    object,
    part_of: one.table.id,
    attribute: null,
    expected: `${name} ${object}`,
    actual: null,
    message: isRole
      ? `${name} ${object} is missing from the database`
      : `there is no role ${ident(one.role)} for ${name} ${object}`,
    file: null,
  };
}

function extraItem(one: Privilege): DriftItem {
  const { name } = accessKind("privilege");
  const object = labelOf(one);
  return {
    type: `extra_${name}`,
    severity: "warning",
    kind: name,
    object,
    part_of: one.table.id,
    attribute: null,
    expected: null,
    actual: `${name} ${object}`,
    message: `${name} ${object} is only in the database`,
    file: null,
  };
}
