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
  date: day.map((date) => date.slice(0, 10)),
  float4: fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => String(Math.fround(value))),
  float8: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  inet: fc.oneof(
    { weight: 5, arbitrary: ipv4 },
    { weight: 5, arbitrary: ipv6 },
    fc.tuple(ipv4, fc.integer({ min: 1, max: 31 })).map(([address, mask]) => `${address}/${mask}`),
    fc.tuple(ipv6, fc.integer({ min: 1, max: 127 })).map(([address, mask]) => `${address}/${mask}`),
    fc.constantFrom("127.0.0.1", "::", "::1", "fe80::1", "::ffff:192.0.2.1", "2001:db8::/32", "0.0.0.0/0"),
  ),
  int2: fc.integer({ min: -32768, max: 32767 }).map(String),
  int4: fc.integer({ min: -2147483648, max: 2147483647 }).map(String),
  int8: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
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
  numeric: decimal,
  point: fc
    .tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true }))
    .map(([x, y]) => `(${x},${y})`),
  time: day.map((date) => date.slice(11, 19)),
  timestamp: day.map((date) => date.slice(0, 19).replace("T", " ")),
  timestamptz: day.map((date) => `${date.slice(0, 19).replace("T", " ")}+00`),
  uuid,
};

/** Text types have the same values, of which PostgreSQL takes no zero character. */
export const valuesOf = (type: string): fc.Arbitrary<string> =>
  BY_TYPE[type] ?? text.map((value) => value.replaceAll("\0", ""));
