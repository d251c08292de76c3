import type { Format, Mask, Masking } from "../anonymizer.ts";
import { layoutMasking, sameSort } from "./formats.ts";
import type { Draw } from "../keyed/draw.ts";
import type { Digits } from "../keyed/permutation.ts";

/** Draws the digits of a format where values need not stay different, and permutes them where they must. */
export function formatMasking(format: Format & { readonly otherwise: Mask }): Masking {
  return {
    format,
    mask(value, draw) {
      const digits = format.split(value);
      if (digits === null) return format.otherwise(value, draw);
      for (;;) {
        const text = format.join(drawDigits(digits, draw), value);
        if (format.holds?.(text, value) !== false) return text;
      }
    },
  };
}

const drawDigits = ({ radices }: Digits, draw: Draw): number[] => {
  const drawn: number[] = [];
  for (const radix of radices) drawn.push(draw.below(radix));
  return drawn;
};

/** A format that tells at once what is of it. */
export interface SureFormat extends Format {
  /** Whether `split` gives digits. */
  is(value: string): boolean;
  split(value: string): Digits | null;
}

/** What a value becomes that is of one of some formats: another one of it. All others keep their layout only. */
export function formatOrLayout(formats: readonly SureFormat[], maxLength: number | null): Masking {
  const { format: layout } = layoutMasking(sameSort);
  const findSort = (value: string) => formats.findIndex((format) => format.is(value));
  // Asked several times in a row of the same value.
  let last = "";
  let lastSort = findSort(last);
  const sortOf = (value: string): number => {
    if (value !== last) lastSort = findSort(value);
    last = value;
    return lastSort;
  };
  const formatOf = (value: string): Format => formats[sortOf(value)] ?? layout;
  return formatMasking({
    split: (value) => formatOf(value).split(value),
    join: (digits, value) => formatOf(value).join(digits, value),
    holds: (text, value) => sortOf(value) === findSort(text),
    otherwise: (_value, draw) => draw.opaque().slice(0, maxLength ?? undefined),
  });
}
