import { defineRealistic } from "../realistic/realistic.ts";

export const lastName = defineRealistic({
  name: "last-name",
  summary: "A last name of a locale",
  templates: (_definitions, parse) => [parse("{{person.lastName}}")],
  recognises: {
    name: /^(?:last|family|sur|maiden|birth)_?names?$|^(?:(?:nach|familien|geburts)name|nom(?:_de_(?:famille|naissance))?|apellidos?|cognome)$/,
  },
  values: ["Lovelace", "Byron"],
});
