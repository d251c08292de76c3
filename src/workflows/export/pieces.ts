import type { Step } from "../../diff/plan.ts";
import { type Located, type Side, sideOf } from "../../diff/side.ts";
import type { ObjectId } from "../../schema/kind.ts";
import type { LinkedSnapshot } from "../../schema/snapshot.ts";

/** The statements of one object, those of the parts that are made with it included. */
export interface Piece {
  readonly object: Located;
  /** The object that it is a part of in the end, itself when it is none. */
  readonly home: Located;
  /** What makes the object that it is within; undefined when that is there by itself, or it is in none. */
  readonly host: Piece | undefined;
  readonly statements: readonly string[];
  /** What must be there before; all of these come before it in the list. */
  readonly after: readonly Piece[];
}

/** The steps of a plan by object, in an order that loads. */
export function piecesOf(steps: readonly Step[], from: LinkedSnapshot, to: LinkedSnapshot): Piece[] {
  const sides = { from: sideOf(from), to: sideOf(to) };
  const statements = new Map<ObjectId, string[]>();
  for (const { object, sql } of steps) {
    const known = statements.get(object);
    if (known) known.push(sql);
    else statements.set(object, [sql]);
  }
  const members = membersOf(statements, sides.to);
  const pieces = new Map<ObjectId, Piece>();
  for (const [id, own] of statements) {
    const object = (sides.to.objects.get(id) ?? sides.from.objects.get(id))!;
    const whole = object.kind.within?.(object.row);
    const before = (members.get(id) ?? [])
      .flatMap((member) => [...sides.to.dependenciesOf(member)])
      .map((on) => ownerOf(on, statements, sides.to))
      .filter((on) => on !== undefined && on !== id);
    pieces.set(id, {
      object,
      home: homeOf(object, sides.to.objects.has(id) ? sides.to : sides.from),
      host: whole == null ? undefined : pieces.get(ownerOf(whole, statements, sides.to) ?? ""),
      statements: own,
      after: [...new Set(before)].map((on) => pieces.get(on!)).filter((piece) => piece !== undefined),
    });
  }
  return [...pieces.values()];
}

/** Objects by the one whose statements make them. */
function membersOf(statements: ReadonlyMap<ObjectId, unknown>, side: Side): Map<ObjectId, ObjectId[]> {
  const members = new Map<ObjectId, ObjectId[]>();
  for (const id of side.objects.keys()) {
    const owner = ownerOf(id, statements, side);
    if (owner === undefined) continue;
    const known = members.get(owner);
    if (known) known.push(id);
    else members.set(owner, [id]);
  }
  return members;
}

/** The object itself, or the nearest that it is within, that has statements of its own. */
function ownerOf(id: ObjectId, statements: ReadonlyMap<ObjectId, unknown>, side: Side): ObjectId | undefined {
  for (let at: ObjectId | undefined = id; at !== undefined; at = wholeOf(at, side)) {
    if (statements.has(at)) return at;
  }
  return undefined;
}

function wholeOf(id: ObjectId, side: Side): ObjectId | undefined {
  const object = side.objects.get(id);
  return object?.kind.within?.(object.row) ?? undefined;
}

function homeOf(object: Located, side: Side): Located {
  const whole = object.kind.within?.(object.row);
  const next = whole == null ? undefined : side.objects.get(whole);
  return next === undefined ? object : homeOf(next, side);
}
