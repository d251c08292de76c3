import type { Faker } from "@faker-js/faker";
import * as z from "zod";

/** Locales that Faker has data of. */
export const LOCALES = `
  af_ZA ar az bn_BD cs_CZ cy da de de_AT de_CH dv el en en_AU en_AU_ocker en_BORK en_CA en_GB en_GH
  en_HK en_IE en_IN en_NG en_NP en_US en_ZA eo es es_MX fa fi fr fr_BE fr_CA fr_CH fr_LU fr_SN he hr
  hu hy id_ID it ja ka_GE ko ku_ckb ku_kmr_latin lv mk mn_MN_cyrl nb_NO ne nl nl_BE pl pt_BR pt_PT ro
  ro_MD ru sk sl_SI sr_RS_latin sv ta_IN th tr uk ur uz_UZ_latin vi yo_NG zh_CN zh_TW zu_ZA
`
  .trim()
  .split(/\s+/);

export const localeOption = z
  .enum(LOCALES)
  .default("en")
  .describe("Where it might come from: a locale of Faker; lists that a locale lacks are those of `en`");

/** Faker's data of one locale by area and entry, such as `person` and `first_name`. */
export type Definitions = Faker["rawDefinitions"];

/** Loads one locale and `en`, from which Faker itself takes what the locale lacks. */
export async function loadDefinitions(locale: string): Promise<Definitions> {
  const { faker }: { readonly faker: Faker } = await import(`@faker-js/faker/locale/${locale}`);
  return faker.rawDefinitions;
}

/**
 * The words at a path such as `person.first_name`, each once; of an entry that tells the sexes apart those of the given
 * ones, or all.
 */
export function wordsOf(definitions: Definitions, path: string, sexes?: readonly string[]): string[] {
  const [area = "", name = "", sex] = path.split(".");
  const entry = definitions[area]?.[name];
  const wanted = sex === undefined ? sexes : [sex];
  const lists = isRecord(entry)
    ? Object.entries(entry).flatMap(([key, list]) => (wanted?.includes(key) === false ? [] : [list]))
    : [entry];
  const words = lists.flatMap((list) => (Array.isArray(list) ? list : []));
  return [...new Set(words.filter((word) => typeof word === "string"))];
}

const isRecord = (entry: unknown): entry is Record<string, unknown> =>
  typeof entry === "object" && entry !== null && !Array.isArray(entry);

const NUMBER = /^number\.int\((.*)\)$/;
const range = z.object({ min: z.int(), max: z.int() });

/** The words for places in Faker's patterns, such as `person.lastName` and `number.int({"min": 1, "max": 9})`. */
export function placesOf(definitions: Definitions): (place: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  const find = (place: string): readonly string[] => {
    const [, numbers] = NUMBER.exec(place) ?? [];
    if (numbers !== undefined) {
      const { min, max } = range.parse(JSON.parse(numbers));
      return Array.from({ length: max - min + 1 }, (_, i) => String(min + i));
    }
    const path = place.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return wordsOf(definitions, path === "location.city" ? "location.city_name" : path);
  };
  return (place) => {
    const words = known.get(place) ?? find(place);
    known.set(place, words);
    return words;
  };
}
