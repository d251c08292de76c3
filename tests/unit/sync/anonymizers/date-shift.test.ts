import { expect, test } from "vitest";
import { daysOf, readDay, writeDay } from "../../../../src/sync/values/calendar.ts";
import { maskerFor } from "../../../support/mask.ts";

test.each([1, 30, 365])(
  "a date moves by 1 up to %i days, either way and every number of them",
  async (days) => {
    const dates = Array.from({ length: 20_000 }, (_, i) => writeDay({ day: 10_000 + i, time: "", zone: "" }));
    const masked = (await maskerFor({ anonymizer: "date-shift", days }, { type: "date" }))(dates);
    const shifts = masked.map((date, i) => readDay(date!)!.day - readDay(dates[i]!)!.day);
    const expected = Array.from({ length: 2 * days }, (_, i) => (i < days ? i - days : i - days + 1));
    expect([...new Set(shifts)].toSorted((a, b) => a - b)).toEqual(expected);
  },
);

test.each(["date", "timestamp", "timestamptz"])("%s: no shift leads beyond the type", async (type) => {
  const { first, last } = daysOf(type);
  const zone = type === "timestamptz" ? "+00" : "";
  const time = type === "date" ? "" : " 12:00:00";
  const days = Array.from({ length: 100 }, (_, i) => (i < 50 ? first + i : last - 99 + i));
  const values = days.map((day) => writeDay({ day, time, zone }));
  const mask = await maskerFor({ anonymizer: "date-shift", days: 60 }, { type });
  mask(values).forEach((value, i) => {
    const { day } = readDay(value!)!;
    expect(day).toBeGreaterThanOrEqual(first);
    expect(day).toBeLessThanOrEqual(last);
    expect(Math.abs(day - days[i]!)).toBeGreaterThanOrEqual(1);
    expect(Math.abs(day - days[i]!)).toBeLessThanOrEqual(60);
  });
  expect(mask(["infinity", "-infinity"])).toEqual(["infinity", "-infinity"]);
});

test("the time of day stays, or becomes another one", async () => {
  const value = "2024-02-29 12:30:00.25+01";
  const [kept] = (await maskerFor("date", { type: "timestamptz" }))([value]);
  expect(kept).toMatch(/^\d{4}-\d\d-\d\d 12:30:00\.25\+01$/);
  const rule = { anonymizer: "date-shift", keep_time: false };
  const [other] = (await maskerFor(rule, { type: "timestamptz" }))([value]);
  expect(other).toMatch(/^\d{4}-\d\d-\d\d (?!12:30:00)\d\d:\d\d:\d\d\+01$/);
  await expect(maskerFor(rule, { type: "date" })).rejects.toMatchObject({ code: "ANON_1400" });
});

test("what cannot be read becomes any date", async () => {
  const [masked] = (await maskerFor("date-shift", { type: "date" }))(["29.02.2024"]);
  expect(masked).toMatch(/^(?:19[789]|20[01])\d-\d\d-\d\d$/);
});
