import fc from "fast-check";
import { expect, test } from "vitest";
import { bitsOf, parseAddress, withBits, writeAddress } from "../../../../src/sync/values/network-address.ts";

test.each([
  ["10.0.0.1", "10.0.0.1"],
  ["10.0.0.1/8", "10.0.0.1/8"],
  ["::", "::"],
  ["::1", "::1"],
  ["2001:DB8:0:0:1:0:0:0", "2001:db8:0:0:1::"],
  ["2001:db8:0:0:1:0:0:1/64", "2001:db8::1:0:0:1/64"],
  ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
  ["0:0:1:2:3:4:5:6", "::1:2:3:4:5:6"],
  ["1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"],
  ["::ffff:192.0.2.1", "::ffff:c000:201"],
])("%s is written as %s", (text, written) => {
  expect(writeAddress(parseAddress(text)!)).toBe(written);
});

test.each([
  "",
  "10.0.0",
  "010.0.0.1",
  "10.0.0.256",
  "10.0.0.1/33",
  "10.0.0.1/",
  "1::2::3",
  "::1/129",
  "fe80::1%eth0",
  " ::1",
])("%j is no address", (text) => {
  expect(parseAddress(text)).toBeNull();
});

test("a stretch of bits is changed, and no other", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 16, maxLength: 16 }),
      fc.integer({ min: 0, max: 128 }),
      fc.integer({ min: 0, max: 128 }),
      (bytes, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const { digits, radices } = bitsOf(bytes, from, to);
        expect(withBits(bytes, from, to, digits)).toEqual(bytes);
        const bits = (list: readonly number[]) =>
          list.map((byte) => byte.toString(2).padStart(8, "0")).join("");
        const flipped = withBits(
          bytes,
          from,
          to,
          digits.map((digit, i) => radices[i]! - 1 - digit),
        );
        const expected = Array.from(bits(bytes), (bit, i) =>
          i >= from && i < to ? String(1 - Number(bit)) : bit,
        );
        expect(bits(flipped)).toBe(expected.join(""));
      },
    ),
  );
});
