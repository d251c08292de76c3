import { ConfitureError } from "../base/errors.ts";
import type { MaskedColumn, Tools } from "./anonymizer.ts";
import type { MasterKey } from "./keyed/master-key.ts";
import { createMasker, type Masker } from "./keyed/masker.ts";
import { parseRule, type Rule, ruleSchema } from "./rule.ts";

/** What ways of writing equal values become, by type. */
const CANONICAL: Readonly<Record<string, (value: string) => string>> = {
  bpchar: (value) => value.trimEnd(),
  citext: (value) => value.toLowerCase(),
  numeric: (value) => (value.includes(".") ? value.replace(/\.?0+$/, "") : value),
};

/** Does with the values of a column what its rule says; throws ANON_1400 when that does not fit the column. */
export async function columnMasker(
  { anonymizer, options }: Rule,
  column: MaskedColumn,
  identity: { readonly key: MasterKey; readonly domain: string },
): Promise<Masker> {
  if (!accepts(anonymizer.accepts, column.type)) {
    throw new ConfitureError("ANON_1400", `${anonymizer.name} cannot stand in for ${column.sqlType}`);
  }
  const masking = await anonymizer.prepare(options, column, toolsOf(identity));
  return createMasker(masking, {
    ...identity,
    isUnique: column.isUnique,
    canonical: CANONICAL[column.type],
  });
}

const accepts = (types: readonly string[] | "any", type: string): boolean =>
  types === "any" || types.includes(type);

/** A rule inside a column has the domain that it names, or the column's own. */
const toolsOf = (identity: { readonly key: MasterKey; readonly domain: string }): Tools => ({
  masker: (rule, column) => {
    const inner = parseRule(ruleSchema.parse(rule));
    return columnMasker(inner, column, { ...identity, domain: inner.domain ?? identity.domain });
  },
});
