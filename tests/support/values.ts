import fc from "fast-check";

const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.emailAddress(),
  fc.constantFrom(
    "",
    " ",
    "\\N",
    "tab\there",
    "line\nbreak",
    "back\\slash",
    "+49 (0)30 1234-567",
    "Ünïcödé",
    "0",
  ),
);
const day = fc
  .date({ min: new Date("1900-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());
const hex = (digits: number) =>
  fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: digits, maxLength: digits })
    .map((list) => list.map((digit) => digit.toString(16)).join(""));
const octet = fc.integer({ min: 0, max: 255 });
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.integer({ min: 0, max: 9999 }))
  .map(([whole, part]) => `${whole}.${String(part).padStart(4, "0")}`);

/** Some values, and now and then one of those that are easily forgotten. */
const often = (values: fc.Arbitrary<string>, others: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: values, weight: 9 }, { arbitrary: fc.constantFrom(...others), weight: 1 });
const FLOATS = ["0", "-0", "NaN", "Infinity", "-Infinity", "1e-07", "90", "-180", "16777216"];

/** Values of a type as PostgreSQL writes them. */
const BY_TYPE: Readonly<Record<string, fc.Arbitrary<string>>> = {
  bool: fc.constantFrom("t", "f"),
  bytea: hex(20).map((digits) => `\\x${digits}`),
  cidr: fc.tuple(octet, octet).map(([a, b]) => `${a}.${b}.0.0/16`),
  date: often(
    day.map((date) => date.slice(0, 10)),
    [
      "infinity",
      "-infinity",
      "2024-02-29",
      "2000-02-29",
      "0001-01-01",
      "0001-12-31 BC",
      "0044-03-15 BC",
      "4714-11-24 BC",
      "4713-01-01 BC",
      "9999-12-31",
      "10000-01-01",
      "5874897-12-31",
    ],
  ),
  float4: often(
    fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => String(Math.fround(value))),
    [...FLOATS, "3.4028235e+38", "-3.4028235e+38", "1e-45"],
  ),
  float8: often(fc.double({ noNaN: true, noDefaultInfinity: true }).map(String), [
    ...FLOATS,
    "1.7976931348623157e+308",
    "-1.7976931348623157e+308",
    "5e-324",
  ]),
  inet: fc.oneof(
    fc.tuple(octet, octet, octet, octet).map((parts) => parts.join(".")),
    fc
      .array(fc.integer({ min: 1, max: 0xffff }), { minLength: 8, maxLength: 8 })
      .map((parts) => parts.map((part) => part.toString(16)).join(":")),
  ),
  int2: often(fc.integer({ min: -32768, max: 32767 }).map(String), ["0", "-1", "32767", "-32768"]),
  int4: often(fc.integer({ min: -2147483648, max: 2147483647 }).map(String), [
    "0",
    "-1",
    "9",
    "10",
    "2147483647",
    "-2147483648",
  ]),
  int8: often(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String), [
    "0",
    "-1",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
  ]),
  json: fc.json(),
  jsonb: fc.json({ stringUnit: "grapheme-ascii" }).filter((value) => !value.includes("\\u0000")),
  macaddr: hex(12).map((digits) => digits.match(/../g)!.join(":")),
  macaddr8: hex(16).map((digits) => digits.match(/../g)!.join(":")),
  // Only since version 14 there are infinities, too.
  numeric: often(decimal, [
    "0",
    "-0.5",
    "0.0001",
    "1000.0000",
    "NaN",
    "123456789012345678901234567890.123456789",
    `1${"0".repeat(40)}`,
    `0.${"0".repeat(40)}1`,
  ]),
  point: often(
    fc
      .tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true }))
      .map(([x, y]) => `(${x},${y})`),
    ["(0,0)", "(180,90)", "(-180,-90)", "(1e+20,-1e-20)", "(NaN,Infinity)", "(-0,200)"],
  ),
  time: day.map((date) => date.slice(11, 19)),
  timestamp: often(
    day.map((date) => date.slice(0, 19).replace("T", " ")),
    [
      "infinity",
      "-infinity",
      "2024-02-29 23:59:59.999999",
      "0044-03-15 12:00:00.5 BC",
      "4714-11-24 00:00:00 BC",
      "294276-12-31 23:59:59.999999",
    ],
  ),
  timestamptz: often(
    day.map((date) => `${date.slice(0, 19).replace("T", " ")}+00`),
    [
      "infinity",
      "-infinity",
      "2024-02-29 23:59:59.999999-03:30",
      "1883-11-18 12:03:57+00:53:28",
      "0044-03-15 12:00:00+00 BC",
      "4714-11-24 00:00:00+00 BC",
      "294276-12-31 23:59:59.999999+00",
    ],
  ),
  uuid: fc.uuid(),
};

/** Text types have the same values, of which PostgreSQL takes no zero character. */
export const valuesOf = (type: string): fc.Arbitrary<string> =>
  BY_TYPE[type] ?? text.map((value) => value.replaceAll("\0", ""));
