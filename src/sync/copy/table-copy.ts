import { ident } from "../../sql/tag.ts";
import { columnMasker, type Identity } from "../column-masker.ts";
import type { MasterKey } from "../keyed/master-key.ts";
import type { Masker } from "../keyed/masker.ts";
import { contextOf, type Treatment } from "../treatment.ts";
import type { SyncColumn } from "../catalog.ts";
import { columnKey } from "../joined-columns.ts";
import { ConfitureError } from "../../base/errors.ts";
import { arrayMasker } from "./array-masker.ts";

/** What expressions call the table that is read. */
export const ROW = "t";

/** How the rows of one table are read and written. */
export interface TableCopy {
  readonly table: string;
  /** What the source is asked for, in the order of the columns; they name the table `t`. */
  readonly expressions: readonly string[];
  /** The columns that are written, quoted. */
  readonly columns: readonly string[];
  /** By the place of the column, null where the source's bytes pass; null when they all do. */
  readonly maskers: readonly (Masker | null)[] | null;
  /** Rows travel in the binary format, which costs both servers less. */
  readonly isBinary: boolean;
}

/** How the rows of each table are read and written, by its key. Throws ANON_1400 when a rule does not fit its column. */
export async function prepareCopies(
  treatments: readonly Treatment[],
  key: MasterKey,
): Promise<Map<string, TableCopy>> {
  const shared = (domain: string) => {
    const { isUnique, maxLength } = treatments.find((one) => one.domain === domain)?.masked ?? {};
    return {
      ...(isUnique === undefined ? {} : { isUnique }),
      ...(maxLength === undefined ? {} : { maxLength }),
    };
  };
  const copies = new Map<string, TableCopy>();
  for (const table of new Set(treatments.map((one) => one.table))) {
    const own = treatments.filter((one) => one.table === table);
    copies.set(table, await prepareCopy(table, own, { key, shared }));
  }
  return copies;
}

async function prepareCopy(
  table: string,
  treatments: readonly Treatment[],
  identity: Omit<Identity, "domain">,
): Promise<TableCopy> {
  const prepared = await Promise.all(treatments.map((treatment) => prepareColumn(treatment, identity)));
  const maskers = prepared.map(({ masker }) => masker);
  const isMasked = maskers.some((masker) => masker !== null);
  return {
    table,
    expressions: prepared.map(({ expression }) => expression),
    columns: treatments.map(({ column }) => ident(column.name)),
    maskers: isMasked ? maskers : null,
    isBinary: !isMasked && treatments.every(({ column }) => isPortable(column)),
  };
}

/** What the source is asked for, and what works on its answer; null where that passes as it is. */
interface PreparedColumn {
  readonly expression: string;
  readonly masker: Masker | null;
}

/** Throws ANON_1400 when a rule does not fit its column. */
export async function prepareColumn(
  treatment: Treatment,
  identity: Omit<Identity, "domain">,
): Promise<PreparedColumn> {
  const { table, column, rule, domain, masked, place } = treatment;
  const name = `${ROW}.${ident(column.name)}`;
  try {
    const expression = await rule.anonymizer.expression?.(rule.options, masked, name);
    if (expression !== undefined) return { expression: unlessNull(expression, name, column), masker: null };
    const masker = await columnMasker(rule, masked, { ...identity, domain });
    return { expression: name, masker: column.isArray ? arrayMasker(masker) : masker };
  } catch (error) {
    if (!(error instanceof ConfitureError)) throw error;
    const context = { ...error.context, ...contextOf(place) };
    throw new ConfitureError(error.code, `${columnKey(table, column.name)}: ${error.message}`, context);
  }
}

/** NULL stays NULL. */
const unlessNull = (expression: string, name: string, { sqlType }: SyncColumn): string =>
  expression === name ? name : `case when ${name} is not null then (${expression})::${sqlType} end`;

/** The first oid that differs from server to server. */
const FIRST_NORMAL_OID = 16_384;

/** Types whose binary form is an oid of the server: regproc, regclass, regtype and the like. */
const OID_ALIASES: ReadonlySet<number> = new Set([
  24, 2202, 2203, 2204, 2205, 2206, 4096, 4089, 3734, 3769, 4191,
]);

/** Whether the binary form means the same everywhere; arrays and composite values name types by oid. */
const isPortable = ({ baseTypeOid, isArray, isDomain, labels }: Treatment["column"]): boolean =>
  isArray ? isBuiltIn(baseTypeOid) && !isDomain : isBuiltIn(baseTypeOid) || labels.length > 0;

const isBuiltIn = (oid: number): boolean => oid < FIRST_NORMAL_OID && !OID_ALIASES.has(oid);
