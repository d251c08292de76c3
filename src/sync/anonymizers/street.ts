import type { Definitions } from "../realistic/locale.ts";
import { defineRealistic } from "../realistic/realistic.ts";

/** Each way to write a street and a number, with the locale's patterns of both. */
function patternsOf({ location }: Definitions): string[] {
  const numbers = location?.building_number ?? [];
  const streets = location?.street_pattern ?? [];
  return [location?.street_address?.normal ?? []]
    .flat()
    .flatMap((address) =>
      streets.flatMap((street) =>
        numbers.map((number) =>
          address.replace("{{location.street}}", street).replace("{{location.buildingNumber}}", number),
        ),
      ),
    );
}

export const street = defineRealistic({
  name: "street",
  aliases: ["address"],
  summary: "A street and a number, in the order of a locale",
  templates: (definitions, parse) => patternsOf(definitions).map(parse),
  recognises: {
    name: /^(?:(?:home|work|billing|shipping|delivery|postal|mailing|street)_?)?(?:addr(?:ess)?|street|strasse|rue|calle|anschrift|adresse|direccion|indirizzo)(?:_?(?:line|name))?_?[1-3]?$/,
    value:
      /^(?:\d{1,5}[a-z]? [\p{L}. -]{4,40} (?:street|st\.?|avenue|ave\.?|road|rd\.?|lane|drive)|[\p{L}. -]{3,40}str(?:aße|asse|\.) ?\d{1,4}[a-z]?)$/iu,
  },
  values: ["12 St James's Square", "Hauptstr. 5"],
});
