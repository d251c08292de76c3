import { expect, test } from "vitest";
import { createCmac, TAG_LENGTH } from "../../../../src/sync/keyed/cmac.ts";

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const KEY = hex("2b7e1516 28aed2a6 abf71588 09cf4f3c");
const MESSAGE = hex(
  "6bc1bee2 2e409f96 e93d7e11 7393172a ae2d8a57 1e03ac9c 9eb76fac 45af8e51" +
    "30c81c46 a35ce411 e5fbc119 1a0a52ef f69f2445 df4f9b17 ad2b417b e66c3710",
);

/** Length of the message and tag, of RFC 4493, section 4. */
const EXAMPLES = [
  [0, "bb1d6929 e9593728 7fa37d12 9b756746"],
  [16, "070a16b4 6b4d4144 f79bdd9d d04a287c"],
  [40, "dfa66747 de9ae630 30ca3261 1497c827"],
  [64, "51f0bebf 7e3b9d92 fc497417 79363cfe"],
] as const;

const tagsOf = (lengths: readonly number[]) => {
  const slices = { data: MESSAGE, starts: lengths.map(() => 0), ends: lengths, count: lengths.length };
  const tags = createCmac(KEY)(slices);
  return lengths.map((_, i) =>
    Buffer.from(tags.subarray(i * TAG_LENGTH, (i + 1) * TAG_LENGTH)).toString("hex"),
  );
};

test.each(EXAMPLES)("the example of RFC 4493 with %i bytes", (length, tag) => {
  expect(tagsOf([length])).toEqual([tag.replaceAll(" ", "")]);
});

test("many messages at once have the tags that they have one by one", () => {
  const lengths = [64, 0, 1, 15, 16, 17, 40, 0, 63, 32];
  expect(tagsOf(lengths)).toEqual(lengths.flatMap((length) => tagsOf([length])));
});
