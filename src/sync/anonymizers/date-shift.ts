import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { defineAnonymizer } from "../anonymizer.ts";
import { daysOf, isInfinity, readDay, writeDay } from "../values/calendar.ts";
import type { Draw } from "../keyed/draw.ts";

const options = z.strictObject({
  days: z
    .int()
    .min(1)
    .max(36_500)
    .default(180)
    .describe("How many days earlier or later at most; never none"),
  keep_time: z.boolean().default(true).describe("Keep the time of day of a timestamp"),
});

/** For what is no date as it should be written, a day of 1970 to 2019. */
const OTHER_DAYS = 18_262;

const SECONDS_OF_DAY = 86_400;

export const dateShift = defineAnonymizer({
  name: "date-shift",
  aliases: ["date"],
  summary: "A date some days earlier or later; infinity stays",
  options,
  accepts: ["date", "timestamp", "timestamptz"],
  isKeyed: true,
  distinctness: () => "lossy",
  prepare({ days, keep_time: keepTime }, { type }) {
    if (type === "date" && !keepTime) {
      throw new ConfitureError(
        "ANON_1400",
        "a date has no time of day that keep_time could say something of",
      );
    }
    const { first, last } = daysOf(type);
    const shifted = (day: number, draw: Draw): number => {
      const drawn = draw.below(2 * days);
      const shift = drawn < days ? drawn + 1 : days - drawn - 1;
      const isThere = day + shift >= first && day + shift <= last;
      return isThere ? day + shift : day - shift;
    };
    return {
      mask(value, draw) {
        if (isInfinity(value)) return value;
        const written = readDay(value);
        if (written === null) return writeDay({ day: draw.below(OTHER_DAYS), time: "", zone: "" });
        const { time, zone } = written;
        const day = shifted(written.day, draw);
        return writeDay({ day, time: keepTime ? time : drawTime(draw), zone });
      },
    };
  },
  recognises: {
    name: /(?:^|_)(?:death|died|deceased|hired?|admission|admitted|discharged?|visit|appointment|diagnosis)(?:_?(?:date|at|on|day))?$|^date_of_(?:death|admission|discharge|hire)$/,
  },
  mayGive: async () => () => true,
  example: {
    options: {},
    type: "timestamptz",
    values: ["2024-02-29 12:30:00.25+01", "0044-03-15 12:00:00+00 BC", "infinity"],
  },
});

function drawTime(draw: Draw): string {
  const second = draw.below(SECONDS_OF_DAY);
  const parts = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60];
  return ` ${parts.map((part) => String(part).padStart(2, "0")).join(":")}`;
}
