import * as z from "zod";
import { defineAnonymizer, type MaskedColumn, TEXT_TYPES } from "../anonymizer.ts";
import { type Definitions, loadDefinitions, localeOption, wordsOf } from "../realistic/locale.ts";
import { fitTemplates } from "../realistic/realistic.ts";

const options = z.strictObject({ locale: localeOption });

/** Codes of ISO 3166-1 by how one looks. */
const CODES = [
  { form: /^[A-Z]{2}$/, codeOf: ({ alpha2 }: Codes) => alpha2 },
  { form: /^[A-Z]{3}$/, codeOf: ({ alpha3 }: Codes) => alpha3 },
  { form: /^[a-z]{2}$/, codeOf: ({ alpha2 }: Codes) => alpha2.toLowerCase() },
  { form: /^[a-z]{3}$/, codeOf: ({ alpha3 }: Codes) => alpha3.toLowerCase() },
  { form: /^\d{3}$/, codeOf: ({ numeric }: Codes) => numeric },
];
type Codes = NonNullable<NonNullable<Definitions["location"]>["country_code"]>[number];

/** Codes for values that look like them, and names, or codes where no name fits, for the others. */
async function listsOf(locale: string, column: MaskedColumn) {
  const definitions = await loadDefinitions(locale);
  const codes = (definitions.location?.country_code ?? []) satisfies Codes[];
  const coded = CODES.map(({ form, codeOf }) => ({ form, list: codes.map(codeOf) }));
  const names = wordsOf(definitions, "location.country");
  const [fitting] = fitTemplates([[names], [coded[1]!.list], [coded[0]!.list]], column);
  return { coded, others: fitting![0]! };
}

export const country = defineAnonymizer({
  name: "country",
  summary: "A country as a locale calls it, or the code of one where there was a code",
  options,
  accepts: TEXT_TYPES,
  isKeyed: true,
  distinctness: () => "lossy",
  async prepare({ locale }, column) {
    const { coded, others } = await listsOf(locale, column);
    return {
      mask(value, draw) {
        if (value === "") return value;
        const list = value.length > 3 ? undefined : coded.find(({ form }) => form.test(value))?.list;
        return draw.of(list ?? others);
      },
    };
  },
  recognises: { name: /(?:^|_)(?:country|nationality|citizenship|land|pays|pais)(?:_?(?:code|name))?$/ },
  async mayGive({ locale }, column) {
    const { coded, others } = await listsOf(locale, column);
    const given = new Set([...others, ...coded.flatMap(({ list }) => list), ""]);
    return (value) => given.has(value);
  },
  example: { options: {}, type: "text", values: ["Iceland", "IS", "ISL"] },
});
