import fc from "fast-check";

const hex = (digits: number) =>
  fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: digits, maxLength: digits })
    .map((list) => list.map((digit) => digit.toString(16)).join(""));
const octet = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join("."));
const ipv6 = fc
  .array(fc.integer({ min: 1, max: 0xffff }), { minLength: 8, maxLength: 8 })
  .map((parts) => parts.map((part) => part.toString(16)).join(":"));
const mac = (digits: number) => hex(digits).map((found) => found.match(/../g)!.join(":"));
const uuid = fc.oneof(
  { weight: 50, arbitrary: fc.uuid() },
  hex(32).map((digits) => digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")),
  fc.constantFrom("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
);

/** Letters of scripts with capitals, without them, and with thousands of letters. */
const script = fc
  .tuple(
    fc.constantFrom<readonly [number, number]>(
      [0x410, 0x44f],
      [0x905, 0x939],
      [0x3041, 0x3096],
      [0x4e00, 0x9fff],
      [0xac00, 0xd7a3],
    ),
    fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
  )
  .map(([[first, last], places]) =>
    places.map((place) => String.fromCodePoint(first + (place % (last - first + 1)))).join(""),
  );

/** What stands in columns of text though it has a form. */
const formed = fc.oneof(
  fc.emailAddress(),
  uuid,
  uuid.map((value) => value.toUpperCase()),
  hex(32),
  ipv4,
  ipv6,
  mac(12),
  mac(12).map((value) => value.toUpperCase().replaceAll(":", "-")),
  fc.webUrl({ withQueryParameters: true }),
  fc.tuple(hex(8), fc.constantFrom("pdf", "tar.gz", "JPEG", "lovelace")).map((parts) => parts.join(".")),
  hex(53).map((digits) => `$2b$12$${digits}`),
  fc.tuple(hex(8), hex(43)).map(([salt, digest]) => `pbkdf2_sha256$600000$${salt}$${digest}=`),
  hex(24).map((digits) => `sk_live_${digits}`),
  fc.tuple(fc.emailAddress(), ipv4).map(([address, host]) => `Mail ${address} or ask ${host}, please.`),
);

/** The same thing written in several ways, which are different texts. */
const spelled = fc.constantFrom(
  "2001:db8::1",
  "2001:DB8::1",
  "2001:db8:0:0:0:0:0:1",
  "00:1b:44:11:3a:b7",
  "00:1B:44:11:3A:B7",
  "00-1b-44-11-3a-b7",
  "6fa459ea-ee8a-3ca4-894e-db77e160355e",
  "6FA459EA-EE8A-3CA4-894E-DB77E160355E",
  "6fa459ea-EE8A-3ca4-894e-db77e160355e",
  "6fa459eaee8a3ca4894edb77e160355e",
);

const text = fc.oneof(
  spelled,
  { weight: 3, arbitrary: fc.string({ maxLength: 30 }) },
  { weight: 3, arbitrary: formed },
  fc.string({ unit: "grapheme", maxLength: 12 }),
  script,
  fc.integer({ min: 0, max: 10 ** 12 }).map(String),
  fc.constantFrom(
    "",
    " ",
    "\\N",
    "tab\there",
    "line\nbreak",
    "back\\slash",
    "it's",
    "+49 (0)30 1234-567",
    "4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
    "Ünïcödé",
    "0",
    "x".repeat(3000),
  ),
);
const day = fc
  .date({ min: new Date("1900-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());
const document = fc
  .tuple(
    fc.emailAddress(),
    fc.constantFrom("1.50", "0", "-12345678901234567890", "1E-7"),
    fc.json({ stringUnit: "grapheme-ascii" }),
  )
  .map(
    ([email, price, rest]) =>
      `{"items": [{"price": ${price}}, ${rest}], "customer": {"email": ${JSON.stringify(email)}}, "big": 12345678901234567890.10}`,
  );
const withoutZero = (value: string) => !value.includes("\\u0000");
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
  cidr: fc.oneof(
    fc.tuple(octet, octet).map(([a, b]) => `${a}.${b}.0.0/16`),
    ipv4.map((address) => `${address}/32`),
    fc.tuple(hex(4), hex(4)).map(([a, b]) => `2${a.slice(1)}:1${b.slice(1)}::/32`),
    fc.constantFrom("0.0.0.0/0", "::/0", "10.0.0.0/8", "172.16.0.0/12"),
  ),
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
    { weight: 5, arbitrary: ipv4 },
    { weight: 5, arbitrary: ipv6 },
    fc.tuple(ipv4, fc.integer({ min: 1, max: 31 })).map(([address, mask]) => `${address}/${mask}`),
    fc.tuple(ipv6, fc.integer({ min: 1, max: 127 })).map(([address, mask]) => `${address}/${mask}`),
    fc.constantFrom("127.0.0.1", "::", "::1", "fe80::1", "::ffff:192.0.2.1", "2001:db8::/32", "0.0.0.0/0"),
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
  json: fc.oneof(
    fc.json(),
    fc.json({ stringUnit: "grapheme" }),
    document,
    fc.constantFrom(
      '{"a": 1, "a": 2}',
      " [ 1E400 , -0 ] ",
      '{"10": 1.0, "2": null, "__proto__": {"b": 1}}',
      "[]",
    ),
  ),
  jsonb: fc.oneof(
    fc.json({ stringUnit: "grapheme-ascii" }).filter(withoutZero),
    document.filter(withoutZero),
  ),
  macaddr: mac(12),
  macaddr8: mac(16),
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
  uuid,
};

/** Text types have the same values, of which PostgreSQL takes no zero character. */
export const valuesOf = (type: string): fc.Arbitrary<string> =>
  BY_TYPE[type] ?? text.map((value) => value.replaceAll("\0", ""));
