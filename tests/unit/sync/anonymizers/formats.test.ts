import { expect, test } from "vitest";
import { parseRule } from "../../../../src/sync/rule.ts";
import { masked, TEXT_COLUMN } from "../../../support/mask.ts";

const many = (count: number, value: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => value(i));

const hostBits = (network: string) => {
  const [address, bits] = network.split("/");
  const all = address!.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return all % 2 ** (32 - Number(bits));
};

test.each([true, false])("ip: networks stay networks of their size, unique: %s", async (isUnique) => {
  const networks = many(200, (i) => `10.${i}.${(i * 7) % 256}.0/24`).concat("10.0.0.0/9", "0.0.0.0/0");
  const others = await masked("ip", networks, { type: "cidr", isUnique });
  expect(others.filter((network) => hostBits(network!) !== 0)).toEqual([]);
  expect(others.map((network) => network!.split("/")[1])).toEqual(
    networks.map((network) => network.split("/")[1]),
  );
});

test("ip: bits that are kept stay, but not those of a network that has no others", async () => {
  const rule = { anonymizer: "ip", keep_bits: 12, keep_bits_v6: 48 };
  for (const isUnique of [true, false]) {
    const hosts = await masked(rule, ["172.16.5.1", "172.31.0.9", "2001:db8:7::1"], {
      type: "inet",
      isUnique,
    });
    expect(hosts[0]).toMatch(/^172\.(?:1[6-9]|2\d|3[01])\./);
    expect(hosts[1]).toMatch(/^172\.(?:1[6-9]|2\d|3[01])\./);
    expect(hosts[2]).toMatch(/^2001:db8:7:/);
    const networks = await masked(
      rule,
      many(50, (i) => `${i + 100}.0.0.0/8`),
      { type: "cidr", isUnique },
    );
    expect(networks.filter((network, i) => network === `${i + 100}.0.0.0/8`).length).toBeLessThan(5);
  }
});

test("ip: other text becomes a private address, and an opaque one where it must stay different", async () => {
  const texts = ["localhost", "10.0.0", "2001:db8::1"];
  const [word, part, v6] = await masked("ip", texts, { maxLength: 20 });
  for (const address of [word, part, v6]) expect(address).toMatch(/^10(?:\.\d{1,3}){3}$/);
  for (const one of await masked("ip", texts.concat("0:0::1"), { maxLength: 20, isUnique: true })) {
    expect(one).toMatch(/^[0-9a-z]{20}$/);
  }
});

test("uuid: version, variant, case and layout stay", async () => {
  const values = [
    "018f4d2e-7a6b-7c3d-9e8f-0123456789ab",
    "018F4D2E-7A6B-1C3D-CE8F-0123456789AB",
    "{018f4d2e-7a6b-4c3d-ee8f-0123456789ab}",
    "018f4d2e7a6b4c3d0e8f0123456789ab",
  ];
  for (const isUnique of [true, false]) {
    const [seven, one, braces, bare] = await masked("uuid", values, { isUnique });
    expect(seven).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(one).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-1[0-9A-F]{3}-[CD][0-9A-F]{3}-[0-9A-F]{12}$/);
    expect(braces).toMatch(/^\{[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[ef][0-9a-f]{3}-[0-9a-f]{12}\}$/);
    expect(bare).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[0-7][0-9a-f]{15}$/);
  }
});

test("uuid: other text becomes one of version 4, without hyphens where there is no room", async () => {
  const mixed = "018f4d2e-7A6b-7c3d-9e8f-0123456789ab";
  const [text] = await masked("uuid", ["no uuid", mixed], { isUnique: true });
  expect(text).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const [short] = await masked("uuid", ["no uuid"], { maxLength: 32 });
  expect(short).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
});

test("mac: an address is given locally and of a single machine, its layout stays", async () => {
  const values = many(100, (i) => `${(i * 2 + 16).toString(16)}:1b:44:11:3a:b7`).concat(
    "01-00-5E-00-00-FB",
    "001b.4411.3ab7",
  );
  for (const isUnique of [true, false]) {
    const others = await masked("mac", values, { isUnique });
    expect(others.filter((one) => !/^[0-9a-f][26ae]/i.test(one!))).toEqual([]);
    expect(others.at(-2)).toMatch(/^[0-9A-F]{2}(?:-[0-9A-F]{2}){5}$/);
    expect(others.at(-1)).toMatch(/^[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}$/);
  }
  expect((await masked("mac", ["a machine"]))[0]).toMatch(/^[0-9a-f][26ae](?::[0-9a-f]{2}){5}$/);
});

test("mac: with its flags kept, all addresses stay different", async () => {
  const rule = { anonymizer: "mac", keep_flags: true };
  const values = many(256, (i) => `${i.toString(16).padStart(2, "0")}:00:00:00:00:00`);
  const others = await masked(rule, values, { type: "macaddr", isUnique: true });
  expect(new Set(others).size).toBe(256);
  const flags = (address: string) => Number.parseInt(address[1]!, 16) % 4;
  expect(others.map((address) => flags(address!))).toEqual(values.map(flags));
  expect((await masked(rule, ["a machine"], { maxLength: 17, isUnique: true }))[0]).toMatch(
    /^[A-Za-z0-9]{17}$/,
  );
});

test("pattern: what is kept stays, but not of a value that has nothing else", async () => {
  const rule = { anonymizer: "pattern", keep_first: 1, keep_last: 3 };
  const [long, same] = await masked(rule, ["AB-1234 567", "abcd"]);
  expect(long).toMatch(/^A[A-Z]-\d{4} 567$/);
  expect(same).toMatch(/^[a-z]{4}$/);
  expect(same).not.toMatch(/^a|bcd$/);
});

test("pattern: characters become others of their alphabet, the rest others of their sort", async () => {
  const rule = { anonymizer: "pattern", alphabets: ["0-9A-F", "xyz"] };
  for (const isUnique of [true, false]) {
    const [code] = await masked(rule, ["3A9F-xyzzy-Gg7"], { isUnique });
    expect(code).toMatch(/^[0-9A-F]{4}-[xyz]{5}-[G-Z][a-w][0-9A-F]$/);
  }
});

test("pattern: every value of a short unique column stays different, whatever its letters", async () => {
  const letters = many(26, (i) => String.fromCodePoint(0x61 + i)).concat(
    many(32, (i) => String.fromCodePoint(0x430 + i)),
    many(300, (i) => String.fromCodePoint(0x4e00 + i * 64)),
  );
  const others = await masked("pattern", letters, { maxLength: 1, isUnique: true });
  expect(new Set(others).size).toBe(letters.length);
});

test.each([
  [{ anonymizer: "pattern", alphabets: ["0-9A-F", "E-H"] }, {}, "two alphabets have E"],
  [{ anonymizer: "pattern", alphabets: ["0-9A-Y"] }, {}, "nothing but itself can stand in for Z"],
  [{ anonymizer: "pattern", alphabets: ["a-z", "A-Z"] }, { type: "citext" }, "two alphabets have a"],
  [{ anonymizer: "pattern", alphabets: ["z-a"] }, {}, "z-a runs backwards"],
  [{ anonymizer: "token", alphabet: "aa" }, {}, "two characters at least"],
  [{ anonymizer: "token", alphabet: "ab c" }, {}, "characters of ASCII"],
  [{ anonymizer: "token", length: 20, prefixes: ["sk_"] }, { maxLength: 22 }, "23 characters"],
  [{ anonymizer: "hash", length: 15 }, { type: "bytea" }, "no whole number of bytes"],
  [{ anonymizer: "hash", length: 16 }, { maxLength: 15 }, "16 characters"],
  [{ anonymizer: "url", host: "a.example.org" }, { maxLength: 41 }, "42 characters"],
  [{ anonymizer: "uuid" }, { maxLength: 31 }, "32 characters"],
  [{ anonymizer: "ip" }, { maxLength: 14 }, "15 characters"],
  [{ anonymizer: "mac" }, { maxLength: 16 }, "17 characters"],
  [{ anonymizer: "password-hash" }, { maxLength: 59 }, "60 characters"],
])("%j in %j is refused", async (rule, column, message) => {
  await expect(masked(rule, [], column)).rejects.toMatchObject({
    code: "ANON_1400",
    message: expect.stringContaining(message) as string,
  });
});

test("token: a prefix that is named stays, and only such a one", async () => {
  const rule = { anonymizer: "token", prefixes: ["sk_", "sk_live_"], alphabet: "0-9-", length: 8 };
  const [live, test, other] = await masked(rule, ["sk_live_abc", "sk_test_abc", "ada"]);
  expect(live).toMatch(/^sk_live_[\d-]{8}$/);
  expect(test).toMatch(/^sk_[\d-]{8}$/);
  expect(other).toMatch(/^[\d-]{8}$/);
  expect((await masked("token", ["ada"]))[0]).toMatch(/^[A-Za-z0-9]{32}$/);
});

test("hash: digits of the same hash, as text and as bytes", async () => {
  const [text] = await masked("hash", ["ada"]);
  const [short] = await masked({ anonymizer: "hash", length: 8 }, ["ada"]);
  const [bytes] = await masked({ anonymizer: "hash", length: 8 }, ["ada"], { type: "bytea" });
  expect(text).toMatch(/^[0-9a-f]{32}$/);
  expect(short).toBe(text!.slice(0, 8));
  expect(bytes).toBe(`\\x${short}`);
});

test("file-name: an extension stays that is known or named", async () => {
  const rule = { anonymizer: "file-name", extensions: ["CIV"] };
  const names = ["cv.PDF", "a.tar.gz", "save.civ", "ada.lovelace", ".bashrc", "home/ada/x.txt", "png"];
  const others = await masked(rule, names);
  expect(others.map((name) => name!.replace(/^[0-9a-z]{20}/, "*"))).toEqual([
    "*.PDF",
    "*.tar.gz",
    "*.civ",
    "*",
    "*",
    "*.txt",
    "*",
  ]);
  expect((await masked("file-name", ["cv.pdf"], { maxLength: 23 }))[0]).toMatch(/^[0-9a-z]{20}$/);
});

test("url: scheme and form stay, all else goes", async () => {
  const urls = [
    "HTTPS://ada:pw@x.org:81/a?b#c",
    "sftp://x",
    "ada-lovelace://x",
    "//x/y",
    "/x/y",
    "x.org",
    "",
  ];
  const others = await masked({ anonymizer: "url", host: "test.example" }, urls);
  expect(others.map((url) => url!.replace(/[0-9a-z]{20}$/, "*"))).toEqual([
    "https://test.example/*",
    "sftp://test.example/*",
    "test.example/*",
    "//test.example/*",
    "/*",
    "test.example/*",
    "test.example/*",
  ]);
});

test("username: opaque where it must stay unique", async () => {
  expect((await masked("username", ["ada"]))[0]).toMatch(/^(?:[a-z]{2}){3}\d{3}$/);
  expect((await masked("username", ["ada"], { isUnique: true }))[0]).toMatch(/^u[0-9a-z]{20}$/);
});

test.each([
  ["hash", { length: 24 }, {}, "lossy"],
  ["hash", { length: 25 }, {}, "collision-free"],
  ["hash", {}, { maxLength: 24 }, "lossy"],
  ["token", { alphabet: "0-9", length: 30 }, {}, "lossy"],
  ["token", { alphabet: "0-9", length: 31 }, {}, "collision-free"],
  ["token", { alphabet: "A-Za-z", length: 18 }, {}, "collision-free"],
  ["token", { alphabet: "A-Za-z", length: 18 }, { type: "citext" }, "lossy"],
  ["username", {}, { maxLength: 20 }, "lossy"],
  ["username", {}, { maxLength: 21 }, "collision-free"],
  ["file-name", {}, { maxLength: 19 }, "lossy"],
  ["mac", {}, { type: "macaddr" }, "lossy"],
  ["mac", { keep_flags: true }, { type: "macaddr8" }, "bijection"],
  ["mac", { keep_flags: true }, { type: "varchar", maxLength: 17 }, "collision-free"],
  ["ip", {}, { type: "inet" }, "bijection"],
  ["ip", {}, { maxLength: 15 }, "lossy"],
  ["uuid", {}, { type: "uuid" }, "bijection"],
  ["uuid", {}, {}, "collision-free"],
  ["pattern", {}, { maxLength: 1 }, "bijection"],
  ["sql", { expression: "1" }, {}, "lossy"],
  ["sql", { expression: "1", keeps_distinct: true }, {}, "bijection"],
])("%s %j in %j: %s", (anonymizer, options, column, distinctness) => {
  const rule = parseRule({ anonymizer, ...options });
  const unique = { ...TEXT_COLUMN, isUnique: true, ...column };
  expect(rule.anonymizer.distinctness(rule.options, unique)).toBe(distinctness);
});
