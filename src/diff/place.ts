import { ConfitureError } from "../base/errors.ts";
import type { ObjectId } from "../schema/kind.ts";
import type { Place } from "../schema/statement.ts";
import type { Side } from "./side.ts";

type About = Pick<Place, "fresh" | "withinNew" | "parts"> & Partial<Pick<Place, "online">>;

/** Nothing is known to be new. */
export const STANDING: About = { fresh: false, withinNew: false, parts: [] };

/** Where a statement runs, given the side whose names it uses. */
export type PlaceMaker = (side: "from" | "to", about: About) => Place;

export function placeMaker(from: Side, to: Side, online: boolean): PlaceMaker {
  const shared = { from: placeOn(from), to: placeOn(to) };
  const about = { online, major: to.snapshot.major, cast: from.snapshot.casts };
  return (side, more) => ({ ...shared[side], ...about, ...more });
}

/** How objects of a side are named, and what they are. */
function placeOn({ objects, snapshot }: Side): Pick<Place, "address" | "grantAddress" | "rowOf"> {
  const objectOf = (id: ObjectId) => {
    const object = objects.get(id);
    if (object) return object;
    throw new ConfitureError("INTERNAL_ERROR", `A plan names ${id}, which is not in ${snapshot.database}`);
  };
  return {
    address: (of) => {
      const { kind, row } = objectOf(of);
      return kind.address?.(row) ?? `${kind.name.replaceAll("-", " ")} ${kind.label(row)}`;
    },
    grantAddress: (of) => {
      const { kind, row } = objectOf(of);
      return `${kind.grantedAs ?? kind.name.replaceAll("-", " ")} ${kind.label(row)}`;
    },
    rowOf: (of) => objects.get(of)?.row,
  };
}
