/** A day and what PostgreSQL writes behind it. */
export interface WrittenDay {
  /** Days since 1970-01-01, by the Gregorian calendar also where it was not in use. */
  readonly day: number;
  /** A space and the time of day, or nothing. */
  readonly time: string;
  /** Such as `+01`, or nothing. */
  readonly zone: string;
}

/** Of dates and timestamps; a year has more than four digits where it needs them. */
const WRITTEN =
  /^(?<year>\d{4,7})-(?<month>\d\d)-(?<date>\d\d)(?<time> \d\d:\d\d:\d\d(?:\.\d+)?)?(?<zone>[+-]\d\d(?::\d\d){0,2})?(?<bc> BC)?$/;

/** Infinity is no day. */
export const isInfinity = (text: string): boolean => text === "infinity" || text === "-infinity";

/** Reads what PostgreSQL writes with DateStyle ISO; null for all else. */
export function readDay(text: string): WrittenDay | null {
  const parts = WRITTEN.exec(text)?.groups;
  if (parts === undefined) return null;
  const { year, month, date, time = "", zone = "", bc } = parts;
  const counted = bc === undefined ? Number(year) : 1 - Number(year);
  return { day: dayOf(counted, Number(month), Number(date)), time, zone };
}

/** As PostgreSQL reads it with any DateStyle. */
export function writeDay({ day, time, zone }: WrittenDay): string {
  const { year, month, date } = partsOf(day);
  const pad = (number: number, length: number) => String(number).padStart(length, "0");
  const era = year > 0 ? "" : " BC";
  return `${pad(year > 0 ? year : 1 - year, 4)}-${pad(month, 2)}-${pad(date, 2)}${time}${zone}${era}`;
}

/** The first and the last day of a type, from which timestamps of other zones stay a day away. */
export const daysOf = (type: string): { readonly first: number; readonly last: number } =>
  type === "date"
    ? { first: dayOf(-4713, 11, 24), last: dayOf(5_874_897, 12, 31) }
    : { first: dayOf(-4713, 11, 25), last: dayOf(294_276, 12, 30) };

/** Days of 400 years, after which the calendar repeats itself. */
const CYCLE_DAYS = 146_097;
/** From 1 March of the year 0 to 1970-01-01. */
const EPOCH = 719_468;

/** Of a year where 0 is 1 BC; years are counted from March, so that a leap day is the last one. */
export function dayOf(year: number, month: number, date: number): number {
  const shifted = month > 2 ? year : year - 1;
  const cycle = Math.floor(shifted / 400);
  const ofCycle = shifted - cycle * 400;
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + date - 1;
  const leapDays = Math.floor(ofCycle / 4) - Math.floor(ofCycle / 100);
  return cycle * CYCLE_DAYS + ofCycle * 365 + leapDays + ofYear - EPOCH;
}

/** The year, where 0 is 1 BC, the month and the day of it. */
export function partsOf(day: number): {
  readonly year: number;
  readonly month: number;
  readonly date: number;
} {
  const shifted = day + EPOCH;
  const cycle = Math.floor(shifted / CYCLE_DAYS);
  const ofCycle = shifted - cycle * CYCLE_DAYS;
  const years = Math.floor(
    (ofCycle - Math.floor(ofCycle / 1460) + Math.floor(ofCycle / 36_524) - Math.floor(ofCycle / 146_096)) /
      365,
  );
  const ofYear = ofCycle - (365 * years + Math.floor(years / 4) - Math.floor(years / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: years + cycle * 400 + (month <= 2 ? 1 : 0),
    month,
    date: ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}
