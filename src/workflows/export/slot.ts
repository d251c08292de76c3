import { type Folder, FOLDERS, isLast } from "../../schema/folder.ts";

/** A folder of the tree. What needs something of a folder behind its own stands in one of a later round. */
export interface Slot {
  readonly round: number;
  readonly folder: Folder;
}

/** Numbers of the first round are below this. */
const PER_ROUND = 100;

/** Numbers of this round are still below those of the last folders. */
const MAX_USUAL_ROUND = 8;

export const compareSlots = (a: Slot, b: Slot): number =>
  Number(isLast(a.folder)) - Number(isLast(b.folder)) ||
  a.round - b.round ||
  FOLDERS[a.folder] - FOLDERS[b.folder];

/** The first slot of a folder that is not before any of some others. */
export function firstSlot(folder: Folder, others: readonly Slot[]): Slot {
  if (isLast(folder)) return { round: 0, folder };
  const rounds = others.map((other) =>
    !isLast(other.folder) && FOLDERS[other.folder] > FOLDERS[folder] ? other.round + 1 : other.round,
  );
  return { round: rounds.reduce((latest, round) => Math.max(latest, round), 0), folder };
}

/** `040_tables`, and `140_tables` in the second round; the last folders move on when there are many rounds. */
export function slotName({ round, folder }: Slot, lastRound: number): string {
  const moved = isLast(folder) ? Math.max(0, lastRound - MAX_USUAL_ROUND) : round;
  return `${String(FOLDERS[folder] + moved * PER_ROUND).padStart(3, "0")}_${folder}`;
}
