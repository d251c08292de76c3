import type { Format, Mask, Masking, NestedMasking } from "../anonymizer.ts";
import { createCmac, type Slices } from "./cmac.ts";
import { TagDraw } from "./draw.ts";
import type { MasterKey } from "./master-key.ts";
import { createPermutation, type Digits } from "./permutation.ts";

/** Gives what stands in for each of some values of a column, none of them NULL. */
export interface Masker {
  (values: readonly string[]): (string | null)[];
  /** What it takes all ways of writing an equal value for; each for itself where this is left out. */
  readonly canonical?: (value: string) => string;
}

/** Whether a value stands in for itself, however it is written. */
export const isSame = ({ canonical }: Masker, value: string, after: string | null): boolean =>
  after === value || (canonical !== undefined && after === canonical(value));

export interface MaskerOptions {
  readonly key: MasterKey;
  /** Columns of one identity domain give the same result for the same value. */
  readonly domain: string;
  /** Values must stay different; the same for all columns of a domain. */
  readonly isUnique: boolean;
  /** What all ways of writing an equal value become; e.g. lower case for citext. */
  readonly canonical?: ((value: string) => string) | undefined;
}

/** Does what an anonymizer said with the values of one column. */
export function createMasker(masking: Masking | NestedMasking, options: MaskerOptions): Masker {
  const { key, domain, isUnique, canonical } = options;
  const cmac = createCmac(key.derive(domain, "draw"));
  const byDraws =
    (mask: Mask): Masker =>
    (values) => {
      const draw = new TagDraw(cmac(slicesOf(values)));
      return values.map((value, i) => mask(value, draw.at(i)));
    };
  const bySort = ({ mask, format }: Masking): Masker =>
    isUnique && format !== undefined
      ? permuting(format, createPermutation(key.derive(domain, "permute")), byDraws(format.otherwise ?? mask))
      : byDraws(mask);
  const masker = "masker" in masking ? masking.masker : bySort(masking);
  if (canonical === undefined) return masker;
  return Object.assign((values: readonly string[]) => masker(values.map(canonical)), { canonical });
}

/** What may not stand in for the value is permuted again until it can, which keeps the permutation one (cycle walking). */
function permuting(
  format: Format,
  permute: (values: readonly Digits[]) => number[][],
  otherwise: Masker,
): Masker {
  const holds = format.holds ?? (() => true);
  return (values) => {
    const masked: (string | null)[] = Array.from({ length: values.length }, () => null);
    const others: number[] = [];
    let walking: { readonly at: number; readonly value: Digits }[] = [];
    values.forEach((text, at) => {
      const value = format.split(text);
      if (value === null) others.push(at);
      else walking.push({ at, value });
    });
    while (walking.length > 0) {
      const moved = permute(walking.map(({ value }) => value));
      walking = walking.flatMap(({ at, value: { radices } }, i) => {
        const text = format.join(moved[i]!, values[at]!);
        if (!holds(text, values[at]!)) return [{ at, value: { digits: moved[i]!, radices } }];
        masked[at] = text;
        return [];
      });
    }
    const rest = otherwise(others.map((at) => values[at]!));
    others.forEach((at, i) => (masked[at] = rest[i]!));
    return masked;
  };
}

/** All values as UTF-8, one behind the other. */
function slicesOf(values: readonly string[]): Slices {
  const text = values.join("");
  const data = Buffer.from(text, "utf8");
  const isAscii = data.length === text.length;
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const value of values) {
    starts.push(at);
    at += isAscii ? value.length : Buffer.byteLength(value, "utf8");
    ends.push(at);
  }
  return { data, starts, ends, count: values.length };
}
