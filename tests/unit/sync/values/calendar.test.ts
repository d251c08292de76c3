import fc from "fast-check";
import { expect, test } from "vitest";
import { dayOf, daysOf, partsOf, readDay, writeDay } from "../../../../src/sync/values/calendar.ts";

test("a day is what JavaScript counts, and PostgreSQL beyond it", () => {
  const { first, last } = daysOf("date");
  fc.assert(
    fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), (day) => {
      const date = new Date(day * 86_400_000);
      const parts = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, date: date.getUTCDate() };
      expect(partsOf(day)).toEqual(parts);
      expect(dayOf(parts.year, parts.month, parts.date)).toBe(day);
    }),
  );
  // select date '4714-11-24 BC' - date '1970-01-01', date '5874897-12-31' - date '1970-01-01'
  expect([first, last]).toEqual([-2_440_588, 2_145_042_905]);
  expect([first, last].map((day) => writeDay({ day, time: "", zone: "" }))).toEqual([
    "4714-11-24 BC",
    "5874897-12-31",
  ]);
});

test.each([
  "2024-02-29",
  "0001-01-01",
  "0001-12-31 BC",
  "0005-02-29 BC",
  "12024-12-31",
  "2024-02-29 23:59:59.999999",
  "1883-11-18 12:03:57+00:53:28",
  "0044-03-15 12:00:00-04 BC",
])("%s is read and written the same", (text) => {
  const written = readDay(text);
  expect(written && writeDay(written)).toBe(text);
});

test.each(["", "infinity", "29.02.2024", "02/29/2024", "2024-2-9", "2024-02-29T12:00:00"])(
  "%j is no day as PostgreSQL writes it",
  (text) => {
    expect(readDay(text)).toBeNull();
  },
);
