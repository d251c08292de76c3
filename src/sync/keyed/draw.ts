import { TAG_LENGTH } from "./cmac.ts";

/** Without letters and digits that are taken for others. */
const OPAQUE_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** 20 characters of 5 bits: 100 bits, at most one collision expected among 10^15 values. */
const OPAQUE_LENGTH = 20;

/** Choices that depend on nothing but a value, the key and the identity domain. */
export interface Draw {
  /** 0 up to `n` - 1, evenly; `n` up to 2^53. Another call gives another number. */
  below(n: number): number;
  /** One of a list that is not empty. */
  of<T>(list: readonly T[]): T;
  /** 20 letters and digits of the keyed hash itself, the same at each call: values that differ keep apart. */
  opaque(): string;
  /** 16 bytes of the keyed hash itself, the same at each call. */
  bytes(): Uint8Array;
}

/** Draws from tags one after the other: `at(i)` stands at the tag with that number. */
export class TagDraw implements Draw {
  readonly #tags: Uint8Array;
  #tag = 0;
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  constructor(tags: Uint8Array) {
    this.#tags = tags;
  }

  at(index: number): this {
    this.#tag = index * TAG_LENGTH;
    this.#a = this.#word(0);
    this.#b = this.#word(4);
    this.#c = this.#word(8);
    this.#d = this.#word(12) | 1;
    return this;
  }

  below(n: number): number {
    const high = this.#next() >>> 5;
    return n <= 0x8000000
      ? Math.floor((high / 0x8000000) * n)
      : Math.floor(((high * 0x4000000 + (this.#next() >>> 6)) / 0x20000000000000) * n);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  opaque(): string {
    let text = "";
    for (let bit = 0; text.length < OPAQUE_LENGTH; bit += 5) {
      const at = this.#tag + (bit >> 3);
      const pair = (this.#tags[at]! << 8) | (this.#tags[at + 1] ?? 0);
      text += OPAQUE_ALPHABET[(pair >> (11 - (bit & 7))) & 31];
    }
    return text;
  }

  bytes(): Uint8Array {
    return this.#tags.subarray(this.#tag, this.#tag + TAG_LENGTH);
  }

  #word(at: number): number {
    const i = this.#tag + at;
    const tags = this.#tags;
    return tags[i]! | (tags[i + 1]! << 8) | (tags[i + 2]! << 16) | (tags[i + 3]! << 24);
  }

  /** xoshiro128++ (Blackman and Vigna, 2018), which spreads one tag over as many choices as are made. */
  #next(): number {
    const sum = (this.#a + this.#d) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + this.#a) | 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }
}
