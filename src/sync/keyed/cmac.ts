import { createCipheriv } from "node:crypto";

/** Bytes of an AES block, and of a tag. */
export const TAG_LENGTH = 16;

/** Messages as slices of one buffer. */
export interface Slices {
  readonly data: Uint8Array;
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
  readonly count: number;
}

/**
 * AES-CMAC (RFC 4493, NIST SP 800-38B) of many messages at once: each round encrypts one block of every message in one
 * call of OpenSSL, as a call costs far more than a block. Gives the tags one behind the other. The key has 16 bytes.
 */
export function createCmac(key: Uint8Array): (messages: Slices) => Uint8Array {
  const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  const encrypt = (blocks: Uint8Array): Uint8Array => cipher.update(blocks);
  const whole = double(encrypt(new Uint8Array(TAG_LENGTH)));
  const padded = double(whole);

  return ({ data, starts, ends, count }) => {
    const tags = new Uint8Array(count * TAG_LENGTH);
    const blocks = new Uint8Array(count * TAG_LENGTH);
    const [tagWords, blockWords] = [new Uint32Array(tags.buffer), new Uint32Array(blocks.buffer)];
    let active = Array.from({ length: count }, (_, i) => i);
    for (let round = 0; active.length > 0; round++) {
      const rest: number[] = [];
      for (let slot = 0; slot < active.length; slot++) {
        const message = active[slot]!;
        copyWords(tagWords, message, blockWords, slot);
        const at = slot * TAG_LENGTH;
        const from = starts[message]! + round * TAG_LENGTH;
        const left = ends[message]! - from;
        const size = left < TAG_LENGTH ? left : TAG_LENGTH;
        for (let i = 0; i < size; i++) blocks[at + i]! ^= data[from + i]!;
        if (left > TAG_LENGTH) rest.push(message);
        else if (left === TAG_LENGTH) xor(blocks, at, whole);
        else {
          blocks[at + size]! ^= 0x80;
          xor(blocks, at, padded);
        }
      }
      const encrypted = encrypt(blocks.subarray(0, active.length * TAG_LENGTH));
      const words = new Uint32Array(encrypted.length / WORD_LENGTH);
      new Uint8Array(words.buffer).set(encrypted);
      for (let slot = 0; slot < active.length; slot++) copyWords(words, slot, tagWords, active[slot]!);
      active = rest;
    }
    return tags;
  };
}

const WORD_LENGTH = 4;

/** One block of four words, by their numbers. */
function copyWords(from: Uint32Array, block: number, to: Uint32Array, slot: number): void {
  const [source, target] = [block * WORD_LENGTH, slot * WORD_LENGTH];
  to[target] = from[source]!;
  to[target + 1] = from[source + 1]!;
  to[target + 2] = from[source + 2]!;
  to[target + 3] = from[source + 3]!;
}

function xor(into: Uint8Array, at: number, block: Uint8Array): void {
  for (let i = 0; i < TAG_LENGTH; i++) into[at + i]! ^= block[i]!;
}

/** Doubling in GF(2^128), which gives the subkeys. */
function double(block: Uint8Array): Uint8Array {
  const doubled = new Uint8Array(TAG_LENGTH);
  for (let i = 0; i < TAG_LENGTH; i++) doubled[i] = (block[i]! << 1) | ((block[i + 1] ?? 0) >>> 7);
  if (block[0]! & 0x80) doubled[TAG_LENGTH - 1]! ^= 0x87;
  return doubled;
}
