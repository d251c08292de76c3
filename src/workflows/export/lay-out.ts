import { isLast } from "../../schema/folder.ts";
import type { ObjectId } from "../../schema/kind.ts";
import { ConfitureError } from "../../base/errors.ts";
import { fileNames } from "./file-names.ts";
import type { Piece } from "./pieces.ts";
import { compareSlots, firstSlot, type Slot, slotName } from "./slot.ts";

/** Pieces that share a file, and the files of the same folder that come before it. */
export interface Sheet {
  readonly slot: Slot;
  /** What it is called for people, e.g. `public.users`. */
  readonly name: string;
  readonly pieces: Piece[];
  readonly after: Set<Sheet>;
}

export interface LaidOut {
  /** With forward slashes, below the folder of the schema. */
  readonly path: string;
  readonly pieces: readonly Piece[];
}

/**
 * Pieces as files whose order by name loads. A piece goes into the file of what it is a part of, unless it needs what
 * comes after that.
 */
export function layOut(pieces: readonly Piece[]): LaidOut[] {
  const sheets = new Map<string, Sheet[]>();
  const placed = new Map<ObjectId, Sheet>();
  for (const piece of pieces) {
    const before = piece.after.map(({ object }) => placed.get(object.id)!);
    const host = piece.host && placed.get(piece.host.object.id);
    const sheet = host && mayJoin(piece, host, before) ? host : openSheet(piece, before, sheets);
    sheet.pieces.push(piece);
    placed.set(piece.object.id, sheet);
    for (const other of before) if (isNeighbour(sheet, other)) sheet.after.add(other);
  }
  const all = [...sheets.values()].flat();
  const lastRound = all.reduce((latest, { slot }) => Math.max(latest, slot.round), 0);
  const bySlot = new Map<string, Sheet[]>();
  for (const sheet of all) {
    const folder = slotName(sheet.slot, lastRound);
    bySlot.set(folder, [...(bySlot.get(folder) ?? []), sheet]);
  }
  return [...bySlot].flatMap(([folder, own]) =>
    [...fileNames(own)].map(([sheet, file]) => ({ path: `${folder}/${file}`, pieces: sheet.pieces })),
  );
}

const isNeighbour = (sheet: Sheet, other: Sheet): boolean =>
  sheet !== other && compareSlots(sheet.slot, other.slot) === 0;

/** Nothing may be needed that is not there already when the file of the whole is built. */
function mayJoin({ object }: Piece, host: Sheet, before: readonly Sheet[]): boolean {
  if (object.kind.folder !== undefined && isLast(object.kind.folder)) return isLast(host.slot.folder);
  return before.every(
    (other) => other === host || compareSlots(other.slot, host.slot) < 0 || reaches(host, other),
  );
}

/** The sheet of a piece's name in the first folder that can hold it; another one when that would close a circle. */
function openSheet(piece: Piece, before: readonly Sheet[], sheets: Map<string, Sheet[]>): Sheet {
  const { home, object } = piece;
  const folder = object.kind.folder ?? home.kind.folder;
  if (folder === undefined)
    throw new ConfitureError("INTERNAL_ERROR", `${object.id} has no folder in an export`);
  const slot = firstSlot(
    folder,
    before.map((other) => other.slot),
  );
  const name = home.kind.file?.(home.row) ?? home.kind.label(home.row);
  const key = `${slot.round}_${slot.folder}/${name}`;
  const known = sheets.get(key) ?? [];
  const open = known.find((sheet) =>
    before.every((other) => !isNeighbour(sheet, other) || !reaches(other, sheet)),
  );
  if (open) return open;
  const sheet = { slot, name, pieces: [], after: new Set<Sheet>() };
  sheets.set(key, [...known, sheet]);
  return sheet;
}

/** Whether one sheet comes after another by what it needs. */
function reaches(sheet: Sheet, other: Sheet): boolean {
  const seen = new Set([sheet]);
  for (const one of seen) {
    if (one === other) return true;
    for (const before of one.after) seen.add(before);
  }
  return false;
}
