import { defineRealistic } from "../realistic/realistic.ts";

export const firstName = defineRealistic({
  name: "first-name",
  summary: "A first name of a locale",
  templates: (_definitions, parse) => [parse("{{person.firstName}}")],
  recognises: { name: /^(?:first|given|fore|middle)_?names?$|^(?:vorname|rufname|prenom|nombre|nome)n?s?$/ },
  values: ["Ada", "ADA", ""],
});
