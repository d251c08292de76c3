import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../../src/base/hash.ts";
import { contentChecksum, isChecksumOf } from "../../../src/migrate/content-checksum.ts";

const bytes = (text: string) => Buffer.from(text);

test("without a carriage return it is the plain hash of the bytes", () => {
  expect(contentChecksum(bytes("select 1;\n"))).toBe(sha256("select 1;\n"));
});

test("a lone carriage return is content, also at the end", () => {
  expect(contentChecksum(bytes("a\rb\r"))).toBe(sha256("a\rb\r"));
  expect(contentChecksum(bytes("a\r\r\nb"))).toBe(sha256("a\r\nb"));
});

test("the law: line endings never change the hash, and a raw hash of either form is recognised", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme" }).map((s) => s.replaceAll(/[\r\n]/g, ""))),
      (lines) => {
        const [lf, crlf] = [lines.join("\n"), lines.join("\r\n")];
        expect(contentChecksum(bytes(crlf))).toBe(contentChecksum(bytes(lf)));
        for (const text of [lf, crlf]) {
          expect(isChecksumOf(sha256(lf), bytes(text))).toBe(true);
          expect(isChecksumOf(sha256(crlf), bytes(text))).toBe(true);
        }
        expect(isChecksumOf(sha256(`${lf}x`), bytes(lf))).toBe(false);
      },
    ),
  );
});

test("mixed endings are recognised by their raw hash; no hash is never one", () => {
  expect(isChecksumOf(sha256("a\r\nb\nc"), bytes("a\r\nb\nc"))).toBe(true);
  expect(isChecksumOf(null, bytes(""))).toBe(false);
});
