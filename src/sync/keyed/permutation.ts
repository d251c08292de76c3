import { createCmac, TAG_LENGTH, type Slices } from "./cmac.ts";
import { TagDraw } from "./draw.ts";

/** A value as digits: each from 0 up to its radix, which is at most 256. What does not vary is no digit. */
export interface Digits {
  readonly digits: readonly number[];
  readonly radices: readonly number[];
}

/** As FF1 of NIST SP 800-38G has them. */
const ROUNDS = 10;

/**
 * A keyed permutation of all digits of the same radices: a Feistel network in which each half is moved on, digit by
 * digit, by what AES-CMAC says of the other half. Values that differ stay different; a single digit goes through a
 * shuffled list. Many values are moved at once. The key has 16 bytes.
 */
export function createPermutation(key: Uint8Array): (values: readonly Digits[]) => number[][] {
  const cmac = createCmac(key);
  return (values) => {
    const moved = values.map(({ digits }) => [...digits]);
    for (let round = 0; round < ROUNDS; round++) {
      const draw = new TagDraw(cmac(messagesOf(values, moved, round)));
      values.forEach(({ radices }, i) => {
        const [from, to] = halfOf(radices.length, round);
        const own = moved[i]!;
        draw.at(i);
        if (radices.length === 1) shuffle(own, radices[0]!, round, draw);
        else
          for (let at = from; at < to; at++) own[at] = (own[at]! + draw.below(radices[at]!)) % radices[at]!;
      });
    }
    return moved;
  };
}

/** The part that a round moves: the first half and the second one in turn. */
function halfOf(length: number, round: number): readonly [number, number] {
  const middle = length >> 1;
  return round % 2 === 0 ? [0, middle] : [middle, length];
}

/** In one round only: a list in the order of the draws. */
function shuffle(own: number[], radix: number, round: number, draw: TagDraw): void {
  if (round > 0) return;
  const list = Array.from({ length: radix }, (_, i) => i);
  for (let i = radix - 1; i > 0; i--) {
    const j = draw.below(i + 1);
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
  own[0] = list[own[0]!]!;
}

/** What a round looks at: its number, the radices, and the half that stays. */
function messagesOf(values: readonly Digits[], moved: readonly number[][], round: number): Slices {
  const starts: number[] = [];
  const ends: number[] = [];
  let size = 0;
  for (const { radices } of values) size += 1 + 2 * radices.length;
  const data = new Uint8Array(Math.max(size, TAG_LENGTH));
  let at = 0;
  values.forEach(({ radices }, i) => {
    starts.push(at);
    data[at++] = round;
    for (const radix of radices) data[at++] = radix - 1;
    const [from, to] = halfOf(radices.length, round + 1);
    if (radices.length > 1) for (let digit = from; digit < to; digit++) data[at++] = moved[i]![digit]!;
    ends.push(at);
  });
  return { data, starts, ends, count: values.length };
}
