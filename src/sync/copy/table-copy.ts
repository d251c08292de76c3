import { ident } from "../../sql/tag.ts";
import { columnMasker } from "../column-masker.ts";
import type { MasterKey } from "../keyed/master-key.ts";
import type { Masker } from "../keyed/masker.ts";
import type { Treatment } from "../treatment.ts";
import { arrayMasker } from "./array-masker.ts";

/** How the rows of one table are read and written. */
export interface TableCopy {
  readonly table: string;
  /** What the source is asked for, in the order of the columns. */
  readonly expressions: readonly string[];
  /** The columns that are written, quoted. */
  readonly columns: readonly string[];
  /** By the place of the column, null where the source's bytes pass; null when they all do. */
  readonly maskers: readonly (Masker | null)[] | null;
  /** Rows travel in the binary format, which costs both servers less. */
  readonly isBinary: boolean;
}

/** Throws ANON_1400 when a rule does not fit its column, ANON_1402 when a key is needed and there is none. */
export async function prepareCopy(
  table: string,
  treatments: readonly Treatment[],
  key: () => MasterKey,
): Promise<TableCopy> {
  const expressions = treatments.map(expressionOf);
  const maskers: (Masker | null)[] = [];
  for (const [i, treatment] of treatments.entries())
    maskers.push(expressions[i] === null ? await maskerOf(treatment, key) : null);
  const isMasked = maskers.some((masker) => masker !== null);
  return {
    table,
    expressions: treatments.map(({ column }, i) => expressions[i] ?? ident(column.name)),
    columns: treatments.map(({ column }) => ident(column.name)),
    maskers: isMasked ? maskers : null,
    isBinary: !isMasked && treatments.every(({ column }) => isPortable(column)),
  };
}

/** What the source evaluates; null where a mask works on its answer. NULL stays NULL. */
function expressionOf({ rule: { anonymizer, options }, column, masked }: Treatment): string | null {
  const value = ident(column.name);
  const expression = anonymizer.expression?.(options, masked, value);
  if (expression === undefined || expression === value) return expression ?? null;
  return `case when ${value} is not null then (${expression})::${column.sqlType} end`;
}

async function maskerOf(treatment: Treatment, key: () => MasterKey): Promise<Masker> {
  const { rule, masked, domain, column } = treatment;
  const masker = await columnMasker(rule, masked, { key: key(), domain });
  return column.isArray ? arrayMasker(masker) : masker;
}

/** The first oid that differs from server to server. */
const FIRST_NORMAL_OID = 16_384;

/** Types whose binary form is an oid of the server: regproc, regclass, regtype and the like. */
const OID_ALIASES: ReadonlySet<number> = new Set([
  24, 2202, 2203, 2204, 2205, 2206, 4096, 4089, 3734, 3769, 4191,
]);

/** Whether the binary form means the same everywhere; arrays and composite values name types by oid. */
const isPortable = ({ baseTypeOid, isArray, labels }: Treatment["column"]): boolean =>
  (baseTypeOid < FIRST_NORMAL_OID && !OID_ALIASES.has(baseTypeOid)) || (labels.length > 0 && !isArray);
