import fc from "fast-check";
import { expect, test } from "vitest";
import { maskerFor } from "../../../support/mask.ts";

/** Metres between two places, by the haversine formula. */
function metresBetween([x1, y1]: readonly number[], [x2, y2]: readonly number[]): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (a: number, b: number) => Math.sin((radians(b) - radians(a)) / 2) ** 2;
  const share = half(y1!, y2!) + Math.cos(radians(y1!)) * Math.cos(radians(y2!)) * half(x1!, x2!);
  return 2 * 6_371_009 * Math.asin(Math.min(1, Math.sqrt(share)));
}

const numbersOf = (point: string) => point.slice(1, -1).split(",").map(Number);

test.each([50, 1000, 1_000_000])(
  "a point moves by up to %i metres and by a tenth at least, on the earth",
  async (metres) => {
    const mask = await maskerFor({ anonymizer: "coordinates", metres }, { type: "point" });
    fc.assert(
      fc.property(
        fc.tuple(
          fc.double({ min: -180, max: 180, noNaN: true }),
          fc.double({ min: -90, max: 90, noNaN: true }),
        ),
        (place) => {
          const moved = numbersOf(mask([`(${place.join(",")})`])[0]!);
          const distance = metresBetween(place, moved);
          expect(distance).toBeLessThanOrEqual(metres + 0.1);
          expect(distance).toBeGreaterThanOrEqual(metres / 10 - 0.1);
          expect(Math.abs(moved[0]!)).toBeLessThanOrEqual(180);
          expect(Math.abs(moved[1]!)).toBeLessThanOrEqual(90);
        },
      ),
      { examples: [[[180, 90]], [[-180, -90]], [[180, 0]], [[0, 89.9999]], [[0, 0]]] },
    );
  },
);

test("a point may begin with the latitude; what is no place becomes one", async () => {
  const mask = await maskerFor({ anonymizer: "coordinates", axis: "latitude" }, { type: "point" });
  const moved = numbersOf(mask(["(51.5072,-120.1276)"])[0]!);
  expect(metresBetween(moved.toReversed(), [-120.1276, 51.5072])).toBeLessThanOrEqual(1000.1);
  for (const point of mask(["(120,50)", "(NaN,Infinity)", "(1e+20,0)", "x"])) {
    const [latitude, longitude] = numbersOf(point!);
    expect(Math.abs(latitude!)).toBeLessThanOrEqual(90);
    expect(Math.abs(longitude!)).toBeLessThanOrEqual(180);
  }
});

test.each([
  [{ type: "float8" }, "longitude", 180],
  [{ type: "float8" }, "latitude", 90],
  [{ type: "numeric", precision: 9, scale: 6 }, "longitude", 180],
  [{ type: "numeric", precision: 8, scale: 6 }, "longitude", 99.99],
  [{ type: "numeric", precision: 7, scale: 4 }, "latitude", 90],
])("%j of degrees of %s moves along its axis", async (column, axis, most) => {
  const mask = await maskerFor({ anonymizer: "coordinates", axis }, column);
  fc.assert(
    fc.property(fc.double({ min: -most, max: most, noNaN: true }), (degrees) => {
      const masked = Number(mask([degrees.toFixed(4)])[0]);
      const metres = Math.abs(masked - Number(degrees.toFixed(4))) * 111_195;
      expect(metres).toBeLessThanOrEqual(1006);
      expect(metres).toBeGreaterThanOrEqual(94);
      expect(Math.abs(masked)).toBeLessThanOrEqual(most);
    }),
    { examples: [[most], [-most], [0]] },
  );
  expect(Math.abs(Number(mask(["1000"])[0]))).toBeLessThanOrEqual(90);
});

test.each([
  { type: "numeric", precision: 6, scale: 3 },
  { type: "numeric", precision: 6, scale: 5 },
])("%j, which is too coarse or too narrow for degrees, is refused", async (column) => {
  await expect(maskerFor("coordinates", column)).rejects.toMatchObject({ code: "ANON_1400" });
});
