import pg from "pg";

const { builtins } = pg.types;
const asText = (value: string): string => value;
const TEXT_ARRAY: number = 1009;
const textArray: (value: string) => (string | null)[] = pg.types.getTypeParser(TEXT_ARRAY);

/** A number where it is exact, else a bigint: never a rounded value. */
const parseInt8 = (value: string): number | bigint => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
};

const INT8_ARRAY = 1016;
const PARSERS = new Map<number, (value: string) => unknown>([
  [builtins.INT8, parseInt8],
  // Dates and times without a zone are no instants; an interval is no object with seven keys.
  [builtins.DATE, asText],
  [builtins.TIMESTAMP, asText],
  [builtins.INTERVAL, asText],
  [INT8_ARRAY, (value) => textArray(value).map((one) => (one === null ? null : parseInt8(one)))],
  // Arrays of "char", name, timestamp, date, interval and numeric.
  ...[1002, 1003, 1115, 1182, 1187, 1231].map((oid): [number, typeof textArray] => [oid, textArray]),
]);

/**
 * How values of the server become values here: `int8` a number, or a bigint beyond 2^53; `timestamptz` a `Date`
 * (milliseconds; use `to_char` for more); `json` parsed; `numeric`, `date`, `timestamp`, `interval` text.
 */
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (format === "binary" ? undefined : PARSERS.get(oid)) ?? pg.types.getTypeParser(oid, format),
};
