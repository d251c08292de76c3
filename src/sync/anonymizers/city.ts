import type { Definitions } from "../realistic/locale.ts";
import { defineRealistic } from "../realistic/realistic.ts";

const NAMED = "{{location.city_name}}";

/** Cities that there are, and made up ones where a locale has no list of them. */
function patternsOf(definitions: Definitions): readonly string[] {
  const patterns = definitions.location?.city_pattern ?? [];
  return patterns.length === 0 || patterns.includes(NAMED) ? [NAMED] : patterns;
}

export const city = defineRealistic({
  name: "city",
  summary: "A city of a locale",
  templates: (definitions, parse) => patternsOf(definitions).map(parse),
  recognises: {
    name: /(?:^|_)(?:city|town|birth_?place|place_of_birth|(?:wohn|geburts)?ort|stadt|ville|commune|ciudad|citta)(?:_?name)?$/,
  },
  values: ["London", "Paris"],
});
