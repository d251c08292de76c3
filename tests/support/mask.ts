import { columnOfType, type MaskedColumn } from "../../src/sync/anonymizer.ts";
import { columnMasker, type Identity } from "../../src/sync/column-masker.ts";
import type { Masker } from "../../src/sync/keyed/masker.ts";
import { masterKey } from "../../src/sync/keyed/master-key.ts";
import type { RuleText } from "../../src/sync/rule-schema.ts";
import { parseRule } from "../../src/sync/rule.ts";

/** A column of text of any length. */
export const TEXT_COLUMN: MaskedColumn = columnOfType("text");

/** A column of text, but for what is given. */
export const columnOf = (given: Partial<MaskedColumn> = {}): MaskedColumn => columnOfType("text", given);

export const IDENTITY: Identity = { key: masterKey("a key of the tests, 1"), domain: "domain" };

/** What a rule does with a column, by a key of the tests and in a domain of its own where one is named. */
export const maskerFor = async (
  rule: RuleText,
  column: Partial<MaskedColumn> = {},
  domain = IDENTITY.domain,
): Promise<Masker> => columnMasker(parseRule(rule), columnOf(column), { ...IDENTITY, domain });

/** What a rule makes of values of a column; one of type text, unless said otherwise. */
export async function masked(
  rule: RuleText,
  values: readonly string[],
  { identity = IDENTITY, type = "text", ...column }: Partial<MaskedColumn> & { identity?: Identity } = {},
): Promise<(string | null)[]> {
  const masker = await columnMasker(parseRule(rule), columnOfType(type, column), identity);
  return masker(values);
}
