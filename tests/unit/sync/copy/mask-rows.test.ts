import fc from "fast-check";
import { expect, test } from "vitest";
import { arrayMasker } from "../../../../src/sync/copy/array-masker.ts";
import { escapeField, unescapeField } from "../../../../src/sync/copy/copy-text.ts";
import { createRowMasker } from "../../../../src/sync/copy/mask-rows.ts";

/** NULL is a value of its own. */
const field = fc.option(
  fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 8 }),
    fc.constantFrom("", "\\N", "\\", "\t", "\n", "\r\\n", "N", "\u0007\b\f\v", "\u{1f600}", "x".repeat(3000)),
  ),
  { nil: null },
);
const write = (rows: readonly (readonly (string | null)[])[]) =>
  rows
    .map((row) => `${row.map((value) => (value === null ? "\\N" : escapeField(value))).join("\t")}\n`)
    .join("");

/** Other text, longer or shorter, or NULL. */
const mask = (value: string) =>
  value === "" ? "was\tempty" : value === "N" ? null : Array.from(value.toUpperCase()).slice(1).join("");

test("fields are replaced in COPY text that comes in pieces, and all other bytes pass", () => {
  const table = fc.integer({ min: 1, max: 5 }).chain((width) =>
    fc.record({
      rows: fc.array(fc.array(field, { minLength: width, maxLength: width }), { maxLength: 30 }),
      isMasked: fc.array(fc.boolean(), { minLength: width, maxLength: width }),
      cuts: fc.array(fc.nat(), { maxLength: 6 }),
    }),
  );
  fc.assert(
    fc.property(table, ({ rows, isMasked, cuts }) => {
      const data = Buffer.from(write(rows), "utf8");
      const masker = createRowMasker(isMasked.map((is) => (is ? (values) => values.map(mask) : null)));
      const places = [0, ...cuts.map((cut) => cut % (data.length + 1)), data.length].toSorted(
        (a, b) => a - b,
      );
      const out = places.slice(1).map((end, i) => Buffer.from(masker.push(data.subarray(places[i], end))));
      const expected = rows.map((row) =>
        row.map((value, i) => (value === null || !isMasked[i] ? value : mask(value))),
      );
      expect(Buffer.concat(out).toString("utf8")).toBe(write(expected));
      expect({ rows: masker.rows, pending: masker.pending }).toEqual({ rows: rows.length, pending: 0 });
      const columns = isMasked.map((is, i) => (is ? rows.map((row) => row[i]!) : null));
      expect(masker.counts).toEqual(
        columns.map(
          (values) =>
            values && {
              values: values.filter((value) => value !== null).length,
              nulls: values.filter((value) => value === null).length,
              empty: 0,
              unchanged: values.filter((value) => value !== null && mask(value) === value).length,
            },
        ),
      );
    }),
    { numRuns: 300 },
  );
});

test("the escapes of COPY text come back as they were", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (value) => {
      const escaped = escapeField(value);
      expect(escaped).not.toMatch(/[\t\n\r]/);
      expect(unescapeField(escaped)).toBe(value);
    }),
  );
});

test("a row that is not at its end is waited for", () => {
  const masker = createRowMasker([() => []]);
  expect(masker.push(Buffer.from("half")).length).toBe(0);
  expect(masker.pending).toBe(4);
});

test("what holds nothing and stays so is counted apart, and an equal way of writing is no change", () => {
  const kept = (values: readonly string[]) => [...values];
  const lower = Object.assign((values: readonly string[]) => values.map((value) => value.toLowerCase()), {
    canonical: (value: string) => value.toLowerCase(),
  });
  const masker = createRowMasker([kept, lower, arrayMasker(lower)]);
  const rows: readonly (readonly (string | null)[])[] = [
    ["", "Ada", "{}"],
    ["{}", "", '{NULL,"",{NULL}}'],
    ["a", null, '{Ada,"b c"}'],
    ["NULL", "b", "[2:3]={b,NULL}"],
  ];
  masker.push(Buffer.from(write(rows), "utf8"));
  expect(masker.counts).toEqual([
    { values: 4, nulls: 0, empty: 2, unchanged: 2 },
    { values: 3, nulls: 1, empty: 1, unchanged: 2 },
    { values: 4, nulls: 0, empty: 2, unchanged: 2 },
  ]);
});

test("an array of which an element changes is printed anew, with the elements that are its own", () => {
  const masked = arrayMasker((values) => values.map((value) => (value === "b" ? "B" : value)));
  expect(masked(["{a,c}", "{a,b}", "{}", "[2:3]={b,NULL}"])).toEqual([
    "{a,c}",
    '{"a","B"}',
    "{}",
    '[2:3]={"B",NULL}',
  ]);
});
