import { sha256 } from "../../base/hash.ts";
import type { Sheet } from "./lay-out.ts";

/**
 * A file for each sheet of one folder, so that they are built in an order that loads: by name, and those with a number
 * before all others. A sheet gets a number only when its name would come after that of one which needs it.
 */
export function fileNames(sheets: readonly Sheet[]): Map<Sheet, string> {
  const plain = plainNames(sheets);
  const numbers = new Map<Sheet, number>();
  const waiting = dependentsFirst(sheets);
  const numbered = new Set<Sheet>();
  for (const sheet of waiting) {
    if (numbered.has(sheet)) for (const before of sheet.after) numbered.add(before);
    else for (const before of sheet.after) if (plain.get(before)! > plain.get(sheet)!) numbered.add(before);
  }
  for (const sheet of waiting.toReversed()) {
    if (!numbered.has(sheet)) continue;
    const before = [...sheet.after].map((other) => numbers.get(other) ?? 0);
    numbers.set(sheet, 1 + before.reduce((latest, number) => Math.max(latest, number), 0));
  }
  const width = Math.max(2, ...[...numbers.values()].map((number) => String(number).length));
  return new Map(
    sheets.map((sheet) => {
      const number = numbers.get(sheet);
      const name = plain.get(sheet)!;
      return [sheet, number === undefined ? name : `${String(number).padStart(width, "0")}_${name}`];
    }),
  );
}

/** Each sheet before those that it needs. */
function dependentsFirst(sheets: readonly Sheet[]): Sheet[] {
  const done = new Set<Sheet>();
  const stack = sheets.map((sheet) => ({ sheet, isReady: false }));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { sheet, isReady } = top;
    if (done.has(sheet)) continue;
    if (isReady) done.add(sheet);
    else
      stack.push(
        { sheet, isReady: true },
        ...[...sheet.after].map((other) => ({ sheet: other, isReady: false })),
      );
  }
  return [...done].toReversed();
}

/** Without numbers, and different also where upper and lower case are the same. */
function plainNames(sheets: readonly Sheet[]): Map<Sheet, string> {
  const taken = new Set<string>();
  return new Map(
    sheets.map((sheet) => {
      const stem = stemOf(sheet.name);
      let name = `${stem}.sql`;
      for (let n = 2; taken.has(folded(name)); n++) name = `${stem}-${n}.sql`;
      taken.add(folded(name));
      return [sheet, name];
    }),
  );
}

const folded = (name: string): string => name.normalize("NFC").toLowerCase();

/** File systems take 255 bytes, and a number and an ending are still to come. */
const MAX_BYTES = 200;

/** What `build` takes for a number, perhaps a hexadecimal one, and hidden files. */
const MISTAKABLE = /^(\d|\.|-|[A-F]+[0-9A-F]*([_.-]|$))/;

/** What Windows keeps for devices. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** An object's name as any file system takes it: spaces as `_`, what is no letter, digit or `_.-` as `%` and its bytes. */
function stemOf(name: string): string {
  const readable = name.replaceAll('"', "").replaceAll(" ", "_");
  const stem = readable.replace(/[^\p{L}\p{N}\p{M}_.-]/gu, escaped);
  const safe = MISTAKABLE.test(stem) || DEVICE.test(stem) ? escaped(stem[0]!) + stem.slice(1) : stem;
  if (Buffer.byteLength(safe) <= MAX_BYTES) return safe;
  const short = Array.from(safe)
    .slice(0, MAX_BYTES / 4)
    .join("");
  return `${short}-${sha256(name).slice(0, 12)}`;
}

const escaped = (characters: string): string =>
  [...Buffer.from(characters)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
