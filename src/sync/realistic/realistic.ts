import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import {
  type Anonymizer,
  defineAnonymizer,
  type Mask,
  type MaskedColumn,
  TEXT_TYPES,
} from "../anonymizer.ts";
import { type Definitions, loadDefinitions, localeOption, placesOf } from "./locale.ts";
import { fillTemplate, fitTemplate, matcherOf, parseTemplate, type Template } from "./template.ts";

const options = z.strictObject({
  locale: localeOption,
  unique: z
    .boolean()
    .default(false)
    .describe("Append a space and 20 letters and digits, so that values that differ stay different"),
});
type Options = z.infer<typeof options>;

/** A space and what `draw.opaque` gives. */
const SUFFIX = /^(.*) [0-9a-z]{20}$/s;
const SUFFIX_LENGTH = 21;

/** Bytes of PostgreSQL's type `name`, which cuts off the rest. */
const NAME_BYTES = 63;

/** What realistic anonymizers have of their own; `parse` takes words of the locale. */
interface Realistic extends Pick<Anonymizer, "name" | "aliases" | "summary" | "recognises"> {
  readonly templates: (
    definitions: Definitions,
    parse: (pattern: string) => Template | null,
  ) => readonly (Template | null)[];
  readonly values: readonly string[];
}

/** An anonymizer that gives words of a locale; the empty text stays as it is. */
export const defineRealistic = ({ templates, values, ...own }: Realistic): Anonymizer<Options> => {
  const fitted = async ({ locale, unique }: Options, column: MaskedColumn) => {
    const definitions = await loadDefinitions(locale);
    const wordsAt = placesOf(definitions);
    const all = templates(definitions, (pattern) => parseTemplate(pattern, wordsAt));
    return fitTemplates(all, column, unique ? SUFFIX_LENGTH : 0);
  };
  return defineAnonymizer({
    ...own,
    recognises: { possible: /\p{L}/u, ...own.recognises },
    whenUnique: { unique: true },
    options,
    accepts: TEXT_TYPES,
    isKeyed: true,
    distinctness: ({ unique }) => (unique ? "collision-free" : "lossy"),
    async prepare(chosen, column) {
      const fitting = await fitted(chosen, column);
      const fill: Mask = (_value, draw) => fillTemplate(draw.of(fitting), draw);
      const give: Mask = chosen.unique ? (value, draw) => `${fill(value, draw)} ${draw.opaque()}` : fill;
      return { mask: (value, draw) => (value === "" ? value : give(value, draw)) };
    },
    async mayGive(chosen, column) {
      const matchers = (await fitted(chosen, column)).map(matcherOf);
      const isFilled = (value: string) => matchers.some((matches) => matches(value));
      const given = chosen.unique ? (value: string) => isFilled(SUFFIX.exec(value)?.[1] ?? "") : isFilled;
      return (value) => value === "" || given(value);
    },
    example: { options: {}, type: "text", values },
  });
};

/** Templates of which every filling fits the column, with room for some more characters; throws ANON_1400 when there is none. */
export function fitTemplates(
  templates: readonly (Template | null)[],
  column: MaskedColumn,
  reserved = 0,
): readonly Template[] {
  const isName = column.type === "name";
  const room = (isName ? NAME_BYTES : (column.maxLength ?? Infinity)) - reserved;
  const sizeOf = (word: string) => (isName ? Buffer.byteLength(word) : Array.from(word).length);
  const fitting = templates
    .map((template) => template && fitTemplate(template, room, sizeOf))
    .filter((template) => template !== null);
  if (fitting.length > 0) return fitting;
  throw new ConfitureError("ANON_1400", `nothing fits into ${column.sqlType}, which is too short`);
}
