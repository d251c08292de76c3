import { ConfitureError } from "../../base/errors.ts";
import { ident } from "../../sql/tag.ts";
import { conditionText } from "./condition.ts";
import type { CopiedTable } from "./references.ts";
import { tableText, whereText } from "./row-text.ts";

/** Whether a rule of its own leaves rows of a table out, whatever they refer to. */
export const hasOwnRule = ({ rules: { where, sample = 1, limit } }: CopiedTable): boolean =>
  where !== undefined || sample < 1 || limit !== undefined;

/**
 * The rows that a table's own rule chooses, to stand in a FROM clause as `t`. The condition may name the columns by the
 * table's name. Throws SYNC_302 for a condition that is none, and for `referenced: only` with other rules.
 */
export function baseRowsText(copied: CopiedTable, now: string): string {
  const { key, table, rules } = copied;
  const { where, sample = 1, limit, referenced } = rules;
  if (referenced === "only" && hasOwnRule(copied)) {
    throw new ConfitureError(
      "SYNC_302",
      `${key} has referenced: only, so where, sample and limit choose nothing`,
      {
        actionable: "Write referenced: also to copy both, or leave the other rules out.",
      },
    );
  }
  if (!hasOwnRule(copied)) return `${tableText(copied)} t`;
  const conditions = [
    ...(where === undefined ? [] : [conditionText(where, key, now)]),
    ...(sample < 1 ? [sampleText(copied, sample)] : []),
  ];
  const leaves = table.isPartitioned ? ", tableoid" : "";
  const first = limit === undefined ? "" : ` order by ${orderText(copied)} limit ${limit}`;
  return `(select *${leaves} from ${tableText(copied)}${whereText(conditions)}${first}) t`;
}

const wholeRow = (key: string): string => `row(${key}.*)::text collate pg_catalog."C"`;

function orderText({ key, table: { primaryKey } }: CopiedTable): string {
  return primaryKey.length === 0 ? wholeRow(key) : primaryKey.map((name) => ident(name)).join(", ");
}

/** The planner takes an expression for one of 200 values, so a condition on so many lots is guessed right. */
const LOTS = 200;

/** Bits of the hash that are looked at: as many as a number of JavaScript holds. */
const HASHES = 2 ** 53;

/** The same rows each time, and the same keys in tables that have the same, such as one that extends another. */
function sampleText({ key, table: { primaryKey } }: CopiedTable, share: number): string {
  const names = primaryKey.map((name) => `${key}.${ident(name)}`);
  const [only = `${key}.*`] = names;
  const text = names.length === 1 ? `${only}::text` : `row(${names.join(", ") || only})::text`;
  const hash = `(pg_catalog.hashtextextended(${text} collate pg_catalog."C", 0) & ${HASHES - 1})`;
  const lots = Math.floor(share * LOTS + 1e-9);
  const isInLot = `${hash} % ${LOTS} = any ('{${Array.from({ length: lots }, (_, i) => i).join(",")}}'::int8[])`;
  const rest = Math.round((share - lots / LOTS) * HASHES);
  if (rest < 1e-9 * HASHES) return isInLot;
  return `(${isInLot} or ${hash} % ${LOTS} = ${lots} and ${hash} / ${LOTS} < ${rest})`;
}
