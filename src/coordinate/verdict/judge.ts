import { nameOf, wholeOf } from "../footprint/objects.ts";
import type { Footprint, Touch, TouchedObject } from "../footprint/touch.ts";
import { LOCKS } from "../../sql/impact.ts";
import { commute, relationOf } from "./commute.ts";
import { adviceFor } from "./advice.ts";
import { type Clash, gravest, RELATIONS, type Verdict } from "./verdict.ts";

/** Two touches of one object. */
interface Meeting {
  readonly a: Touch;
  readonly b: Touch;
}

/**
 * What two changes are to each other by rules alone, which may be stricter than the server's answer and never laxer:
 * independent means that both orders succeed and end in the same catalog with the same rows.
 */
export function judge(a: Footprint, b: Footprint): Verdict {
  const clashes = [...opaqueClashes(a, b), ...objectClashes(a, b), ...lockClashes(a, b)];
  return { relation: gravest(clashes.map(({ relation }) => relation)), clashes };
}

/** One clash for each pair of statements and name: the worst, as an index is a relation and a part of its table. */
function objectClashes(a: Footprint, b: Footprint): Clash[] {
  const found = new Map<string, Clash>();
  for (const meeting of meetings(a, b)) {
    if (commute(meeting.a.mode, meeting.b.mode)) continue;
    const clash = clashOf(meeting, a, b);
    const name = clash.object.part?.name ?? clash.object.name;
    const key = `${meeting.a.statement} ${meeting.b.statement} ${name}`;
    const known = found.get(key);
    if (known === undefined || isWorse(clash, known)) found.set(key, clash);
  }
  return [...found.values()];
}

/** A part says more than its whole. */
const isWorse = (one: Clash, other: Clash): boolean => {
  const [a, b] = [RELATIONS.indexOf(one.relation), RELATIONS.indexOf(other.relation)];
  return a > b || (a === b && one.object.part !== null && other.object.part === null);
};

function* meetings(a: Footprint, b: Footprint): Iterable<Meeting> {
  const byName = new Map<string, Touch[]>();
  for (const touch of b.touches) {
    const bucket = bucketOf(touch.object);
    const known = byName.get(bucket);
    if (known) known.push(touch);
    else byName.set(bucket, [touch]);
  }
  const [touchedByA, touchedByB] = [relationsOf(a), relationsOf(b)];
  for (const one of a.touches) {
    if (one.mode === "opaque") continue;
    for (const other of byName.get(bucketOf(one.object)) ?? []) {
      if (other.mode === "opaque" || !isSame(one.object, other.object)) continue;
      if (isAnyRelation(one.object) && !reaches(touchedByA, one, other)) continue;
      if (isAnyRelation(other.object) && !reaches(touchedByB, other, one)) continue;
      yield { a: one, b: other };
    }
  }
}

/** Touches that can be of one object have one bucket: parts by type alone, as their relation may be any. */
const bucketOf = ({ type, name, part }: TouchedObject): string => {
  if (part !== null) return `${type} part ${part.type}`;
  return type === "constraint name" ? type : `${type} ${name}`;
};

const isAnyRelation = ({ type, name, part }: TouchedObject): boolean =>
  type === "relation" && name === "*" && part !== null;

const sameName = (a: string, b: string): boolean => a === b || a === "*" || b === "*";

/** The search path may lead to any schema. */
const isSame = (a: TouchedObject, b: TouchedObject): boolean =>
  a.type === b.type &&
  sameName(a.name, b.name) &&
  (a.schema === null || b.schema === null || a.schema === b.schema) &&
  (a.part === null) === (b.part === null) &&
  a.part?.type === b.part?.type &&
  sameName(a.part?.name ?? "", b.part?.name ?? "");

type RelationsByStatement = ReadonlyMap<number, readonly TouchedObject[]>;

function relationsOf({ touches }: Footprint): RelationsByStatement {
  const found = new Map<number, TouchedObject[]>();
  for (const { object, statement } of touches) {
    if (object.type !== "relation" || object.part !== null) continue;
    const known = found.get(statement);
    if (known) known.push(object);
    else found.set(statement, [object]);
  }
  return found;
}

/** A column of whatever relation the statement touches is one of this relation only if it touches that. */
const reaches = (relations: RelationsByStatement, any: Touch, other: Touch): boolean =>
  (relations.get(any.statement) ?? []).some(
    (relation) => isAnyRelation(other.object) || isSame(relation, wholeOf(other.object)),
  );

function clashOf({ a, b }: Meeting, ofA: Footprint, ofB: Footprint): Clash {
  const [one, other] = [ofA.statements[a.statement]!, ofB.statements[b.statement]!];
  const relation = one.meaning === other.meaning ? "duplicate" : relationOf(a.mode, b.mode);
  const object = isAnyRelation(a.object) || a.object.name === "*" ? b.object : a.object;
  return adviceFor({ relation, object, a, b, places: [one, other] });
}

/** Code that nobody can look into may do anything where the other side does something. */
function opaqueClashes(a: Footprint, b: Footprint): Clash[] {
  const found: Clash[] = [];
  const meet = (one: Footprint, other: Footprint, isSwapped: boolean) => {
    for (const touch of one.touches) {
      if (touch.mode !== "opaque") continue;
      const met = other.touches.find((candidate) => isWithin(candidate, touch.object.name));
      if (met === undefined) continue;
      const [left, right] = isSwapped ? [met, touch] : [touch, met];
      const places = [a.statements[left.statement]!, b.statements[right.statement]!] as const;
      found.push(adviceFor({ relation: "opaque", object: met.object, a: left, b: right, places }));
      return;
    }
  };
  meet(a, b, false);
  meet(b, a, true);
  return found;
}

const isWithin = ({ object, mode }: Touch, schema: string): boolean =>
  schema === "*" ||
  object.schema === schema ||
  object.schema === null ||
  (mode === "opaque" && (object.name === "*" || object.name === schema));

/** Locks that exclude each other, one of them held while rows are gone through. */
function lockClashes(a: Footprint, b: Footprint): Clash[] {
  const found = new Map<string, Clash>();
  a.statements.forEach((one, i) =>
    one.locks.forEach((lock) =>
      b.statements.forEach((other, j) =>
        other.locks.forEach((theirs) => {
          const schemas = lock.schema === null || theirs.schema === null || lock.schema === theirs.schema;
          const isLong = [lock.work, theirs.work].some((work) => work === "scan" || work === "rewrite");
          if (lock.name !== theirs.name || !schemas || !isLong || !exclude(lock.lock, theirs.lock)) return;
          const object: TouchedObject = {
            type: "relation",
            schema: lock.schema ?? theirs.schema,
            name: lock.name,
            part: null,
          };
          const touch = (statement: number): Touch => ({ object, mode: "add child", statement, via: null });
          found.set(
            nameOf(object),
            adviceFor({ relation: "timing", object, a: touch(i), b: touch(j), places: [one, other] }),
          );
        }),
      ),
    ),
  );
  return [...found.values()];
}

/** PostgreSQL's documentation, "Explicit Locking", table 13.2: what each lock excludes, in the order of LOCKS. */
const EXCLUDES: readonly (readonly number[])[] = [
  [7],
  [6, 7],
  [4, 5, 6, 7],
  [3, 4, 5, 6, 7],
  [2, 3, 5, 6, 7],
  [2, 3, 4, 5, 6, 7],
  [1, 2, 3, 4, 5, 6, 7],
  [0, 1, 2, 3, 4, 5, 6, 7],
];

const exclude = (a: (typeof LOCKS)[number], b: (typeof LOCKS)[number]): boolean =>
  EXCLUDES[LOCKS.indexOf(a)]!.includes(LOCKS.indexOf(b));
