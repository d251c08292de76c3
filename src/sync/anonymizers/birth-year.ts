import * as z from "zod";
import { defineAnonymizer } from "../anonymizer.ts";
import { dayOf, daysOf, isInfinity, partsOf, readDay, writeDay } from "../values/calendar.ts";

const options = z.strictObject({
  years: z.int().min(1).max(100).default(1).describe("Years that become one: with 10, a whole decade"),
});

/** For what is no date as it should be written. */
const OTHER = dayOf(1970, 1, 1);

const TIMES: Readonly<Record<string, readonly [time: string, zone: string]>> = {
  timestamp: [" 00:00:00", ""],
  timestamptz: [" 00:00:00", "+00"],
};

/** What a value becomes. */
function rounding(years: number, type: string): (value: string) => string {
  const { first } = daysOf(type);
  const [time, zone] = TIMES[type] ?? ["", ""];
  return (value) => {
    if (isInfinity(value)) return value;
    const written = readDay(value);
    const year = written === null ? undefined : Math.floor(partsOf(written.day).year / years) * years;
    return writeDay({ day: year === undefined ? OTHER : Math.max(first, dayOf(year, 1, 1)), time, zone });
  };
}

export const birthYear = defineAnonymizer({
  name: "birth-year",
  summary: "1 January of the year, or of the first of some years; infinity stays",
  options,
  accepts: ["date", "timestamp", "timestamptz"],
  isKeyed: false,
  distinctness: () => "lossy",
  prepare: ({ years }, { type }) => ({ mask: rounding(years, type) }),
  recognises: {
    name: /birth_?(?:date|day)|date_?of_?birth|^(?:dob|born(?:_on)?|birth)$|geburts|naissance|nacimiento|nascita/,
  },
  async mayGive({ years }, { type }) {
    const rounded = rounding(years, type);
    return (value) => rounded(value) === value;
  },
  example: { options: {}, type: "date", values: ["1815-12-10", "0044-03-15 BC", "infinity"] },
});
