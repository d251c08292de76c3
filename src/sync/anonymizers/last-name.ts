import { defineRealistic } from "../realistic/realistic.ts";

export const lastName = defineRealistic({
  name: "last-name",
  summary: "A last name of a locale",
  templates: (_definitions, parse) => [parse("{{person.lastName}}")],
  recognises: {
    name: /^(?:last|family|sur|maiden|birth)_?names?$|^(?:nachname|nom(?:_de_famille)?|apellidos?|cognome)$/i,
  },
  values: ["Lovelace", "Byron"],
});
