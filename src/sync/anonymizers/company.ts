import { defineRealistic } from "../realistic/realistic.ts";

export const company = defineRealistic({
  name: "company",
  summary: "A made up company of a locale",
  templates: (definitions, parse) => (definitions.company?.name_pattern ?? []).map(parse),
  recognises: {
    name: /(?:^|_)(?:company|employer|firma|entreprise|empresa)(?:_?name)?$|^organi[sz]ation_?name$/i,
  },
  values: ["Lovelace and Sons", "Babbage Ltd"],
});
