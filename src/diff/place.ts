import { ConfitureError } from "../base/errors.ts";
import type { ObjectId } from "../schema/kind.ts";
import type { Place } from "../schema/statement.ts";
import type { Located, Side } from "./side.ts";

/** Where statements about the objects of each side run, when the plan makes nothing that these are part of. */
export interface StandingPlaces {
  readonly from: Place;
  readonly to: Place;
}

export function standingPlaces(from: Side, to: Side, online: boolean): StandingPlaces {
  const { major } = to.snapshot;
  const about = { major, online, cast: from.snapshot.casts, fresh: false, withinNew: false, parts: [] };
  return { from: { ...about, ...placeOn(from) }, to: { ...about, ...placeOn(to) } };
}

/** Where an object of the target is made. */
export type PlaceFinder = (object: Located) => Place;

/** Tells what an object is part of that the plan makes as well, and whether that is new from the ground up. */
export function placeFinder(standing: Place, to: Side, isMade: (id: ObjectId) => boolean): PlaceFinder {
  const fresh: Place = { ...standing, fresh: true };
  const withinNew: Place = { ...standing, withinNew: true };
  const known = new Map<ObjectId, Place>();
  const within = (whole: ObjectId): Place => {
    const upper = to.objects.get(whole);
    if (!upper || !isMade(whole)) return standing;
    const isPart = upper.kind.within?.(upper.row) != null;
    return !isPart || find(upper).fresh ? fresh : withinNew;
  };
  const find = ({ kind, row }: Located): Place => {
    const whole = kind.within?.(row) ?? null;
    if (whole === null) return standing;
    let place = known.get(whole);
    if (place === undefined) known.set(whole, (place = within(whole)));
    return place;
  };
  return find;
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
