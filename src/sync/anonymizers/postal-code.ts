import * as z from "zod";
import { defineAnonymizer, type Mask, TEXT_TYPES } from "../anonymizer.ts";
import { layoutMasking, sameSort } from "../values/formats.ts";
import { loadDefinitions, localeOption } from "../realistic/locale.ts";

const options = z.strictObject({
  locale: localeOption,
  keep_first: z
    .int()
    .min(0)
    .max(4)
    .default(0)
    .describe(
      "Letters and digits at the start to keep, a region in many countries; the others follow the layout alone",
    ),
});

const DIGITS = "0123456789";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** `#` for digits and `?` for capital letters, as Faker writes patterns. */
const formOf = (text: string): string => text.replaceAll(/\d/g, "#").replaceAll(/[A-Z]/g, "?");

export const postalCode = defineAnonymizer({
  name: "postal-code",
  summary: "Another code in the same layout, such as the locale has where it has that layout",
  options,
  accepts: TEXT_TYPES,
  isKeyed: true,
  distinctness: () => "bijection",
  async prepare({ locale, keep_first: keepFirst }) {
    const masking = layoutMasking(sameSort, { keepFirst });
    if (keepFirst > 0) return masking;
    const { location } = await loadDefinitions(locale);
    const patterns = new Map<string, string[]>();
    for (const pattern of [location?.postcode ?? []].flat()) {
      const form = formOf(pattern);
      const same = patterns.get(form);
      if (same === undefined) patterns.set(form, [pattern]);
      else same.push(pattern);
    }
    const mask: Mask = (value, draw) => {
      const known = patterns.get(formOf(value));
      if (known === undefined) return masking.mask(value, draw);
      let code = "";
      for (const character of draw.of(known)) {
        const alphabet = character === "#" ? DIGITS : character === "?" ? LETTERS : character;
        code += alphabet[draw.below(alphabet.length)];
      }
      return code;
    };
    return { ...masking, mask };
  },
  recognises: {
    name: /(?:^|_)(?:zip|postal|post|plz|cp)(?:_?codes?)?$|postleitzahl|code_?postal/,
    possible: /^(?=.{0,9}\d)[\p{L}\d .-]{2,11}$/u,
  },
  mayGive: async () => () => true,
  example: { options: {}, type: "text", values: ["75011", "SW1A 2AA", "10115-0001"] },
});
