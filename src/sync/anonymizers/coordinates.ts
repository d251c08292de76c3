import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { defineAnonymizer, type Mask, type MaskedColumn } from "../anonymizer.ts";
import type { Draw } from "../keyed/draw.ts";

const options = z.strictObject({
  metres: z
    .number()
    .min(50)
    .max(1_000_000)
    .default(1000)
    .describe("How far a point moves at most; a tenth of it at least"),
  axis: z
    .enum(["longitude", "latitude"])
    .default("longitude")
    .describe("What a number is, or the first one of a point"),
});
type Options = z.infer<typeof options>;

const EARTH_RADIUS_METRES = 6_371_009;
const RADIANS = Math.PI / 180;
const DEGREE_METRES = EARTH_RADIUS_METRES * RADIANS;

/** Of the distance, so that nothing stays where it is. */
const LEAST_SHARE = 0.1;
/** A centimetre. */
const DECIMALS = 7;
const FACTOR = 10 ** DECIMALS;

const POINT = /^\((-?\d[\d.e+-]*),(-?\d[\d.e+-]*)\)$/;

/** Places that there are on either axis. */
const MOST_LATITUDE = 90;
const MOST_LONGITUDE = 180;

export const coordinates = defineAnonymizer({
  name: "coordinates",
  summary: "A place not far from the one before; what is no place on earth becomes any one",
  options,
  accepts: ["point", "numeric", "float4", "float8"],
  isKeyed: true,
  distinctness: () => "lossy",
  prepare: (chosen, column) => ({
    mask: column.type === "point" ? movePoint(chosen) : moveNumber(chosen, column),
  }),
  recognises: {
    name: /(?:^|_)(?:lat|lng|lon|latitude|longitude|coord(?:inate)?s?|geo_?(?:point|location))(?:_|$)/,
    types: ["point"],
  },
  mayGive:
    async (_options, { scale }) =>
    () =>
      scale !== null && scale < DECIMALS,
  example: { options: {}, type: "point", values: ["(-0.1276,51.5072)", "(500,500)"] },
});

/** From 0 to 1. */
const fraction = (draw: Draw): number => draw.below(2 ** 53) / 2 ** 53;

const anyWithin = (most: number, draw: Draw): number => (2 * fraction(draw) - 1) * most;

/** Along a great circle, by any angle; evenly in the area between the least and the most distance. */
function movePoint({ metres, axis }: Options): Mask {
  const isSwapped = axis === "latitude";
  const write = (longitude: number, latitude: number): string => {
    const x = Math.round(longitude * FACTOR) / FACTOR;
    const y = Math.round(latitude * FACTOR) / FACTOR;
    return isSwapped ? `(${y},${x})` : `(${x},${y})`;
  };
  return (value, draw) => {
    const [, x, y] = POINT.exec(value) ?? [];
    const longitude = Number(isSwapped ? y : x);
    const latitude = Number(isSwapped ? x : y);
    if (!(Math.abs(longitude) <= MOST_LONGITUDE && Math.abs(latitude) <= MOST_LATITUDE)) {
      return write(anyWithin(MOST_LONGITUDE, draw), anyWithin(MOST_LATITUDE, draw));
    }
    const least = LEAST_SHARE ** 2;
    const distance = (metres / EARTH_RADIUS_METRES) * Math.sqrt(least + (1 - least) * fraction(draw));
    const angle = 2 * Math.PI * fraction(draw);
    const from = latitude * RADIANS;
    const sine = Math.sin(from) * Math.cos(distance) + Math.cos(from) * Math.sin(distance) * Math.cos(angle);
    const turn = Math.atan2(
      Math.sin(angle) * Math.sin(distance) * Math.cos(from),
      Math.cos(distance) - Math.sin(from) * sine,
    );
    const moved = longitude + turn / RADIANS;
    const wrapped = moved > 180 ? moved - 360 : moved < -180 ? moved + 360 : moved;
    return write(wrapped, Math.asin(Math.max(-1, Math.min(1, sine))) / RADIANS);
  };
}

/** Along one axis, as far as on the equator; back where it would leave the axis or the column. */
function moveNumber({ metres, axis }: Options, column: MaskedColumn): Mask {
  const { precision, scale, sqlType } = column;
  const decimals = Math.min(scale ?? DECIMALS, DECIMALS);
  if (10 ** -decimals * DEGREE_METRES > LEAST_SHARE * metres) {
    throw new ConfitureError("ANON_1400", `the last digit of ${sqlType} is too much for ${metres} metres`);
  }
  if (precision !== null && precision - (scale ?? 0) < 2) {
    throw new ConfitureError("ANON_1400", `${sqlType} has no room for degrees`);
  }
  const room = precision === 2 + (scale ?? 0) ? 100 - 10 ** -decimals : MOST_LONGITUDE;
  const most = axis === "latitude" ? MOST_LATITUDE : MOST_LONGITUDE;
  return (value, draw) => {
    const degrees = value === "" ? NaN : Number(value);
    if (!(Math.abs(degrees) <= most)) return anyWithin(MOST_LATITUDE, draw).toFixed(decimals);
    const share = LEAST_SHARE + (1 - LEAST_SHARE) * fraction(draw);
    const step = ((share * metres) / DEGREE_METRES) * (draw.below(2) === 0 ? 1 : -1);
    const limit = Math.abs(degrees) <= MOST_LATITUDE ? MOST_LATITUDE : Math.min(room, most);
    return (Math.abs(degrees + step) <= limit ? degrees + step : degrees - step).toFixed(decimals);
  };
}
