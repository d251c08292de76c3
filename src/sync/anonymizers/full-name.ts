import { type Definitions, wordsOf } from "../realistic/locale.ts";
import { defineRealistic } from "../realistic/realistic.ts";
import { parseTemplate, type Template } from "../realistic/template.ts";

const FIRST = "{{person.firstName}}";
const LAST = "{{person.lastName}}";

/** Patterns of one first and one last name, in the order of the locale. */
function patternsOf(definitions: Definitions): string[] {
  const patterns = (definitions.person?.name ?? []).map(({ value }) => value);
  const plain = patterns.filter(
    (pattern) => pattern.includes(FIRST) && pattern.includes(LAST) && pattern.match(/\{\{/g)?.length === 2,
  );
  return plain.length > 0 ? plain : [`${FIRST} ${LAST}`];
}

/** A first name goes with a last name of the same sex, where a locale tells them apart. */
function templatesOf(definitions: Definitions): (Template | null)[] {
  const sexes = ["female", "male"].filter(
    (sex) => wordsOf(definitions, `person.first_name.${sex}`).length > 0,
  );
  const together = sexes.length > 0 ? sexes.map((sex) => [sex, "generic"]) : [undefined];
  return together.flatMap((some) => {
    const first = wordsOf(definitions, "person.first_name", some);
    const last = wordsOf(definitions, "person.last_name", some);
    const wordsAt = (place: string) => (place === "person.firstName" ? first : last);
    return patternsOf(definitions).map((pattern) => parseTemplate(pattern, wordsAt));
  });
}

export const fullName = defineRealistic({
  name: "full-name",
  aliases: ["name"],
  summary: "A first and a last name of a locale, in its order",
  templates: templatesOf,
  recognises: {
    name: /^(?:full|display|real|contact|person|customer|patient|employee|author|recipient|holder)_?name$|^(?:(?:account_?|card_?)?holder|assignee|payee|recipient|guardian|next_of_kin|emergency_contact|contact_?person|ansprechpartner(?:in)?|sachbearbeiter(?:in)?|nom_complet)$/,
    qualified:
      /(?:^|_)(?:pe(?:rson|ople)|user|customer|client|contact|member|employee|staff|patient|student|teacher|doctor|author|guest|passenger|driver|owner|candidate|applicant|attendee|participant|subscriber|beneficiar(?:y|ie)|lead|kunden?|mitarbeiter|benutzer|nutzer|personne|utilisateur|salarie|adherent|persona|cliente|usuario)s?\.name$/,
  },
  values: ["Ada Lovelace", "Charles Babbage"],
});
