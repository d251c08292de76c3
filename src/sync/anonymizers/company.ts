import { defineRealistic } from "../realistic/realistic.ts";

export const company = defineRealistic({
  name: "company",
  summary: "A made up company of a locale",
  templates: (definitions, parse) => (definitions.company?.name_pattern ?? []).map(parse),
  recognises: {
    name: /(?:^|_)(?:company|employer|firma|entreprise|empresa)(?:_?name)?$|^organi[sz]ation_?name$/,
    qualified:
      /(?:^|_)(?:compan(?:y|ie)|supplier|vendor|employer|organi[sz]ation|firmen?|lieferant(?:en)?|entreprise|fournisseur|empresa)s?\.(?:name|nom|nombre|nome)$/,
  },
  values: ["Lovelace and Sons", "Babbage Ltd"],
});
