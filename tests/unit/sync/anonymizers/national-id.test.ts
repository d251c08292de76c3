import { stdnum } from "stdnum";
import { expect, test } from "vitest";
import { NATIONAL_IDS } from "../../../../src/sync/values/national-ids/national-ids.ts";
import { maskerFor } from "../../../support/mask.ts";

/** Valid ids of each sort, and who else says so. */
const KNOWN: Readonly<Record<string, readonly [judge: string, ...ids: string[]]>> = {
  "br-cpf": ["BR.cpf", "390.533.447-05", "39053344705"],
  "ca-sin": ["CA.sin", "046 454 286"],
  "ch-ahv": ["CH.ssn", "756.9217.0769.85"],
  "de-steuer-id": ["DE.idnr", "86095742719", "65 929 970 489"],
  "es-dni": ["ES.dni", "54362315K", "54362315-k"],
  "fr-nir": ["FR.nir", "2 95 10 99 126 111 93", "1 85 05 2A 123 123 75"],
  "it-codice-fiscale": ["IT.codicefiscale", "RSSMRA85T10A562S", "rssmra85t10a562s"],
  "nl-bsn": ["NL.bsn", "111222333", "1112.22.333"],
  "pl-pesel": ["PL.pesel", "44051401359", "02070803628"],
  "uk-nino": ["GB.nino", "AB123456C", "AB 12 34 56 C"],
  "us-ssn": ["US.ssn", "536-90-4399", "536904399"],
};

function isValid(judge: string, id: string): boolean {
  const [country = "", name = ""] = judge.split(".");
  return stdnum[country]![name]!.validate(id).isValid;
}

/** The same id in many identity domains, each time another one. */
const inDomains = (format: string, id: string, isUnique: boolean, count = 200) =>
  Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const mask = await maskerFor({ anonymizer: "national-id", format }, { isUnique }, `domain ${i}`);
      return mask([id])[0]!;
    }),
  );

const layoutOf = (text: string) =>
  text.replaceAll(/[A-Z]/g, "@").replaceAll(/[a-z]/g, "a").replaceAll(/\d/g, "#");

test("every sort is known to the tests", () => {
  expect(Object.keys(NATIONAL_IDS)).toEqual(Object.keys(KNOWN));
});

test.each(Object.entries(KNOWN))(
  "%s: valid ids become valid ids of the same layout",
  async (format, [judge, ...ids]) => {
    for (const id of ids) {
      expect(isValid(judge, id), id).toBe(true);
      for (const isUnique of [true, false]) {
        const masked = await inDomains(format, id, isUnique);
        expect(masked.filter((text) => !isValid(judge, text))).toEqual([]);
        expect(new Set(masked.map(layoutOf))).toEqual(new Set([layoutOf(id)]));
        expect(new Set(masked).size).toBeGreaterThan(190);
      }
    }
  },
);

test.each(["br-cpf", "ca-sin", "ch-ahv", "de-steuer-id", "es-dni", "nl-bsn", "pl-pesel"])(
  "%s: wrong check digits stay wrong, so that ids stay different",
  async (format) => {
    const [judge, id = ""] = KNOWN[format]!;
    const valid = await inDomains(format, id, true, 100);
    const ends = format === "es-dni" ? "TRWAGMYFPD" : "0123456789";
    const values = [...new Set(valid)].flatMap((text) => Array.from(ends, (end) => text.slice(0, -1) + end));
    const known = new Set(values.filter((value) => isValid(judge, value)));
    const masked = (await maskerFor({ anonymizer: "national-id", format }, { isUnique: true }))(values);
    expect(new Set(masked).size).toBe(values.length);
    expect(masked.filter((text, i) => isValid(judge, text!) !== known.has(values[i]!))).toEqual([]);
  },
);

test.each([
  ["us-ssn", ["000-12-3456", "666-12-3456", "912-12-3456", "123-00-3456", "123-45-0000", "219-09-99999"]],
  ["uk-nino", ["BG123456C", "DA123456C", "AB123456X"]],
  ["pl-pesel", ["44023101350", "44130101350"]],
  ["nl-bsn", ["000000000"]],
  ["it-codice-fiscale", ["RSSMRA85B31A562S"]],
  ["de-steuer-id", ["01234567895", "12345678905", "55512346785"]],
])("%s: what is no such id keeps its layout and becomes none", async (format, values) => {
  const [judge] = KNOWN[format]!;
  for (const isUnique of [true, false]) {
    const masked = (await maskerFor({ anonymizer: "national-id", format }, { isUnique }))(values);
    expect(masked.map((text) => layoutOf(text!))).toEqual(values.map(layoutOf));
    expect(masked.filter((text, i) => text === values[i] || isValid(judge, text!))).toEqual([]);
  }
});

test("by a pattern: all values of it are moved to all of it, and the others among themselves", async () => {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");
  const values = letters.flatMap((letter) =>
    Array.from({ length: 100 }, (_, i) => `${letter}-${String(i).padStart(2, "0")}`),
  );
  const mask = await maskerFor({ anonymizer: "national-id", pattern: "P-##" }, { isUnique: true });
  const masked = mask(values);
  expect(new Set(masked)).toEqual(new Set(values));
  expect(masked.filter((text, i) => text!.startsWith("P") !== values[i]!.startsWith("P"))).toEqual([]);
  expect(mask(["P-12", "p-12", "P-123"])).toEqual([
    expect.stringMatching(/^P-\d\d$/),
    expect.stringMatching(/^[a-z]-\d\d$/),
    expect.stringMatching(/^[A-Z]-\d{3}$/),
  ]);
});

test.each([{ format: "us-ssn", pattern: "##" }, { format: "xx" }, { pattern: "abc" }])(
  "%j is refused",
  async (options) => {
    await expect(maskerFor({ anonymizer: "national-id", ...options })).rejects.toMatchObject({
      code: "ANON_1400",
    });
  },
);
