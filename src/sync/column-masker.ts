import { ConfitureError } from "../base/errors.ts";
import type { MaskedColumn, MayGive, Tools } from "./anonymizer.ts";
import type { MasterKey } from "./keyed/master-key.ts";
import { createMasker, type Masker } from "./keyed/masker.ts";
import { parseRule, type Rule } from "./rule.ts";

/** What ways of writing equal values become, by type. */
const CANONICAL: Readonly<Record<string, (value: string) => string>> = {
  bpchar: (value) => value.trimEnd(),
  citext: (value) => value.toLowerCase(),
  numeric: (value) => (value.includes(".") ? value.replace(/\.?0+$/, "") : value),
};

/** What the result for a value depends on besides the value. */
export interface Identity {
  readonly key: MasterKey;
  readonly domain: string;
  /** What the columns of a domain that a rule inside the column names have in common; nothing where left out. */
  readonly shared?: (domain: string) => Partial<Pick<MaskedColumn, "isUnique" | "maxLength">>;
}

/** The identity domain of the columns whose rules name it. */
export const namedDomain = (name: string): string => `domain ${name}`;

/** Does with the values of a column what its rule says; throws ANON_1400 when that does not fit the column. */
export async function columnMasker(
  { anonymizer, options }: Rule,
  column: MaskedColumn,
  identity: Identity,
): Promise<Masker> {
  if (!accepts(anonymizer.accepts, column.type)) {
    throw new ConfitureError("ANON_1400", `${anonymizer.name} cannot stand in for ${column.sqlType}`);
  }
  const masking = await anonymizer.prepare(options, column, toolsOf(identity));
  return createMasker(masking, {
    key: identity.key,
    domain: identity.domain,
    isUnique: column.isUnique,
    canonical: anonymizer.isKeyed ? CANONICAL[column.type] : undefined,
  });
}

const accepts = (types: readonly string[] | "any", type: string): boolean =>
  types === "any" || types.includes(type);

/** A rule inside a column has the domain that it names, or the column's own. */
const toolsOf = (identity: Identity): Tools => ({
  masker: (text, column) => {
    const rule = parseRule(text);
    if (rule.domain === undefined) return columnMasker(rule, column, identity);
    const domain = namedDomain(rule.domain);
    const shared = { isUnique: false, ...identity.shared?.(domain) };
    return columnMasker(rule, { ...column, ...shared }, { ...identity, domain });
  },
});

/** Whether a value could be what a rule gives in a column. */
export const mayGive = async ({ anonymizer, options }: Rule, column: MaskedColumn): Promise<MayGive> =>
  (await anonymizer.mayGive?.(options, column, (text, inner) => mayGive(parseRule(text), inner))) ??
  (() => false);
