import type { MaskedColumn } from "../../src/sync/anonymizer.ts";
import { columnMasker, type Identity } from "../../src/sync/column-masker.ts";
import { masterKey } from "../../src/sync/keyed/master-key.ts";
import type { RuleText } from "../../src/sync/rule-schema.ts";
import { parseRule } from "../../src/sync/rule.ts";

/** A column of text of any length. */
export const TEXT_COLUMN: MaskedColumn = {
  type: "text",
  sqlType: "text",
  maxLength: null,
  precision: null,
  scale: null,
  labels: [],
  isNullable: true,
  isUnique: false,
};

export const IDENTITY: Identity = { key: masterKey("a key of the tests, 1"), domain: "domain" };

/** What a rule makes of values of a column; one of type text, unless said otherwise. */
export async function masked(
  rule: RuleText,
  values: readonly string[],
  { identity = IDENTITY, ...column }: Partial<MaskedColumn> & { identity?: Identity } = {},
): Promise<(string | null)[]> {
  const masker = await columnMasker(
    parseRule(rule),
    { ...TEXT_COLUMN, sqlType: column.type ?? "text", ...column },
    identity,
  );
  return masker(values);
}
