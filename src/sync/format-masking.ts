import type { Format, Mask, Masking } from "./anonymizer.ts";
import { layoutMasking, sameSort } from "./formats.ts";

/** Draws the digits of a format where values need not stay different, and permutes them where they must. */
export function formatMasking(format: Format & { readonly otherwise: Mask }): Masking {
  return {
    format,
    mask(value, draw) {
      const digits = format.split(value);
      if (digits === null) return format.otherwise(value, draw);
      for (;;) {
        const drawn = digits.radices.map((radix) => draw.below(radix));
        const text = format.join(drawn, value);
        if (format.holds?.(text, value) !== false) return text;
      }
    },
  };
}

/** What a value becomes that is of one of some formats: another one of it. All others keep their layout only. */
export function formatOrLayout(formats: readonly Format[], maxLength: number | null): Masking {
  const { format: layout } = layoutMasking(sameSort, { maxLength });
  const sortOf = (value: string) => formats.findIndex((format) => format.split(value) !== null);
  const formatOf = (value: string) => formats[sortOf(value)] ?? layout;
  return formatMasking({
    split: (value) => formatOf(value).split(value),
    join: (digits, value) => formatOf(value).join(digits, value),
    holds: (text, value) => sortOf(text) === sortOf(value),
    otherwise: (_value, draw) => draw.opaque().slice(0, maxLength ?? undefined),
  });
}
