import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import type { Anonymizer, MaskedColumn } from "../../../src/sync/anonymizer.ts";
import { ANONYMIZERS } from "../../../src/sync/anonymizers/index.ts";
import { columnMasker } from "../../../src/sync/column-masker.ts";
import type { Masker } from "../../../src/sync/keyed/masker.ts";
import { masterKey } from "../../../src/sync/keyed/master-key.ts";
import { valuesOf } from "../../support/values.ts";

const KEY = masterKey("a key of the tests, 1");
const OTHER_KEY = masterKey("a key of the tests, 2");

const column = (type: string, isUnique: boolean): MaskedColumn => ({
  type,
  sqlType: type,
  maxLength: null,
  precision: null,
  scale: null,
  labels: [],
  isNullable: true,
  isUnique,
});

async function maskerOf(
  anonymizer: Anonymizer,
  { type = anonymizer.example.type, isUnique = false, key = KEY, domain = "domain" } = {},
): Promise<Masker> {
  const options = anonymizer.options.parse(anonymizer.example.options);
  return columnMasker({ anonymizer, options, domain }, column(type, isUnique), { key, domain });
}

/** The types to try: all that it accepts, or some of every sort. */
const typesOf = ({ accepts, example }: Anonymizer): readonly string[] =>
  accepts === "any" ? [example.type] : accepts;

/** Values that PostgreSQL takes for equal are one. */
const equalForm = (type: string, value: string): string => {
  if (type === "bpchar") return value.trimEnd();
  if (type === "citext") return value.toLowerCase();
  if (type === "name") return Buffer.from(value).subarray(0, 63).toString();
  return type === "numeric" || type.startsWith("float") ? String(Number(value)) : value;
};

/** Different values of a type, always the same ones. */
const sampleOf = (type: string, count: number): string[] => {
  const values = fc.sample(valuesOf(type), { numRuns: count, seed: 1 });
  return [...new Map(values.map((value) => [equalForm(type, value), value])).values()];
};

let db: Connection;
beforeAll(async () => {
  db = await Connection.open(inject("serverUrl"));
});
afterAll(() => db.close());

/** The values that PostgreSQL does not take as the type. */
async function refused(values: readonly (string | null)[], type: string): Promise<string[]> {
  const wrong: string[] = [];
  // An extension's type takes all text.
  const target = sql.raw(type === "citext" ? "text[]" : `pg_catalog."${type}"[]`);
  const cast = (list: readonly (string | null)[]) => db.run(sql`select ${list}::text[]::${target}`);
  try {
    await cast(values);
  } catch {
    for (const value of values) await cast([value]).catch(() => wrong.push(String(value)));
  }
  return wrong;
}

describe.each(ANONYMIZERS.map((anonymizer) => [anonymizer.name, anonymizer] as const))(
  "%s",
  (_, anonymizer) => {
    const { example, isKeyed } = anonymizer;

    test("its example", async () => {
      const masked = (await maskerOf(anonymizer))(example.values);
      expect(masked).toHaveLength(example.values.length);
      expect(await refused(masked, example.type)).toEqual([]);
    });

    test.each(typesOf(anonymizer))("%s: what it gives is of the type, and the same again", async (type) => {
      const values = sampleOf(type, 500);
      const masked = (await maskerOf(anonymizer, { type }))(values);
      expect(await refused(masked, type)).toEqual([]);
      const [first = "", ...rest] = values;
      const again = await maskerOf(anonymizer, { type });
      expect([...again([first]), ...again(rest)]).toEqual(masked);
    });

    test(isKeyed ? "another key and another domain give other values" : "no key is asked for", async () => {
      const values = sampleOf(example.type, 200);
      const masked = (await maskerOf(anonymizer))(values);
      const others = [
        (await maskerOf(anonymizer, { key: OTHER_KEY }))(values),
        (await maskerOf(anonymizer, { domain: "other" }))(values),
      ];
      for (const other of others) {
        if (isKeyed) expect(other).not.toEqual(masked);
        else expect(other).toEqual(masked);
      }
    });

    test.each(typesOf(anonymizer))(
      "%s: values of a unique column stay different where it says so",
      async (type) => {
        const options = anonymizer.options.parse(example.options);
        const unique = { ...column(type, true) };
        if (anonymizer.distinctness(options, unique) === "lossy") return;
        const values = sampleOf(type, 3000);
        const masked = (await maskerOf(anonymizer, { type, isUnique: true }))(values);
        const given = masked.filter((value) => value !== null);
        expect(new Set(given).size).toBe(given.length);
        expect(await refused(masked, type)).toEqual([]);
      },
    );
  },
);
