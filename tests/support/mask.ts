import type { MaskedColumn } from "../../src/sync/anonymizer.ts";
import { columnMasker } from "../../src/sync/column-masker.ts";
import type { Masker } from "../../src/sync/keyed/masker.ts";
import { masterKey } from "../../src/sync/keyed/master-key.ts";
import { parseRule } from "../../src/sync/rule.ts";

const TEXT: MaskedColumn = {
  type: "text",
  sqlType: "text",
  maxLength: null,
  precision: null,
  scale: null,
  labels: [],
  isNullable: true,
  isUnique: false,
};

/** A column of text, but for what is given. */
export const columnOf = (column: Partial<MaskedColumn> = {}): MaskedColumn => ({ ...TEXT, ...column });

/** What a rule does with a column, by a key of the tests and in a domain of its own where one is named. */
export const maskerFor = async (
  rule: Parameters<typeof parseRule>[0],
  column: Partial<MaskedColumn> = {},
  domain = "domain",
): Promise<Masker> =>
  columnMasker(parseRule(rule), columnOf(column), { key: masterKey("a key of the tests, 1"), domain });
