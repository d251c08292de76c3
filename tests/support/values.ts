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

/** Values of a type as PostgreSQL writes them. */
const BY_TYPE: Readonly<Record<string, fc.Arbitrary<string>>> = {
  bool: fc.constantFrom("t", "f"),
  bytea: hex(20).map((digits) => `\\x${digits}`),
  cidr: fc.tuple(octet, octet).map(([a, b]) => `${a}.${b}.0.0/16`),
  date: day.map((date) => date.slice(0, 10)),
  float4: fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => String(Math.fround(value))),
  float8: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  inet: fc.oneof(
    fc.tuple(octet, octet, octet, octet).map((parts) => parts.join(".")),
    fc
      .array(fc.integer({ min: 1, max: 0xffff }), { minLength: 8, maxLength: 8 })
      .map((parts) => parts.map((part) => part.toString(16)).join(":")),
  ),
  int2: fc.integer({ min: -32768, max: 32767 }).map(String),
  int4: fc.integer({ min: -2147483648, max: 2147483647 }).map(String),
  int8: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  json: fc.json(),
  jsonb: fc.json({ stringUnit: "grapheme-ascii" }).filter((value) => !value.includes("\\u0000")),
  macaddr: hex(12).map((digits) => digits.match(/../g)!.join(":")),
  macaddr8: hex(16).map((digits) => digits.match(/../g)!.join(":")),
  numeric: decimal,
  point: fc
    .tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true }))
    .map(([x, y]) => `(${x},${y})`),
  time: day.map((date) => date.slice(11, 19)),
  timestamp: day.map((date) => date.slice(0, 19).replace("T", " ")),
  timestamptz: day.map((date) => `${date.slice(0, 19).replace("T", " ")}+00`),
  uuid: fc.uuid(),
};

/** Text types have the same values, of which PostgreSQL takes no zero character. */
export const valuesOf = (type: string): fc.Arbitrary<string> =>
  BY_TYPE[type] ?? text.map((value) => value.replaceAll("\0", ""));
