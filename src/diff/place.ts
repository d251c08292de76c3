import { ConfitureError } from "../base/errors.ts";
import type { ObjectId } from "../schema/kind.ts";
import type { Place } from "../schema/statement.ts";
import type { Side } from "./side.ts";

type About = Pick<Place, "fresh" | "withinNew" | "parts">;

/** Nothing is known to be new. */
export const STANDING: About = { fresh: false, withinNew: false, parts: [] };

/** Where a statement runs, given the side whose names it uses. */
export type PlaceMaker = (side: "from" | "to", about: About) => Place;

export function placeMaker(from: Side, to: Side, online: boolean): PlaceMaker {
  const sides = { from, to };
  const objectOf = (side: "from" | "to", id: ObjectId) => {
    const object = sides[side].objects.get(id);
    if (object) return object;
    throw new ConfitureError("INTERNAL_ERROR", `A plan names ${id}, which is not on its ${side} side`);
  };
  return (side, about) => ({
    ...about,
    online,
    major: to.snapshot.major,
    address: (of) => {
      const { kind, row } = objectOf(side, of);
      return kind.address?.(row) ?? `${kind.name.replaceAll("-", " ")} ${kind.label(row)}`;
    },
    rowOf: (of) => sides[side].objects.get(of)?.row,
    grantAddress: (of) => {
      const { kind, row } = objectOf(side, of);
      return `${kind.grantedAs ?? kind.name.replaceAll("-", " ")} ${kind.label(row)}`;
    },
    cast: from.snapshot.casts,
  });
}
