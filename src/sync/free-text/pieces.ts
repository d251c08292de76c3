import type { Detector } from "./detectors.ts";

/** A stretch of a text, and the number of the detector that found it; -1 for what none found. */
export interface Piece {
  readonly text: string;
  readonly detector: number;
}

/** A text as pieces; what an earlier detector finds, a later one does not look at. */
export function piecesOf(text: string, detectors: readonly Detector[]): Piece[] {
  let pieces: Piece[] = [{ text, detector: -1 }];
  detectors.forEach((detector, number) => {
    if (!detector.hint.test(text)) return;
    pieces = pieces.flatMap((piece) => (piece.detector < 0 ? split(piece.text, detector, number) : [piece]));
  });
  return pieces;
}

function split(text: string, { pattern, within }: Detector, number: number): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [start, end] = within === undefined ? [0, match[0].length] : (within(match[0]) ?? [0, 0]);
    if (start === end) continue;
    pieces.push({ text: text.slice(at, match.index + start), detector: -1 });
    at = match.index + end;
    pattern.lastIndex = at;
    pieces.push({ text: text.slice(match.index + start, at), detector: number });
  }
  pieces.push({ text: text.slice(at), detector: -1 });
  return pieces;
}

/** Finds words as a whole, in any case. */
export function wordsPattern(words: readonly string[]): RegExp {
  const escaped = words
    .toSorted((a, b) => b.length - a.length)
    .map((word) => {
      const before = /^[\p{L}\p{N}_]/u.test(word) ? String.raw`(?<![\p{L}\p{N}_])` : "";
      const after = /[\p{L}\p{N}_]$/u.test(word) ? String.raw`(?![\p{L}\p{N}_])` : "";
      return `${before}${word.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)}${after}`;
    });
  return new RegExp(escaped.join("|"), "giu");
}
