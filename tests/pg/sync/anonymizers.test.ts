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

const column = (type: string, isUnique: boolean, narrow: Partial<MaskedColumn> = {}): MaskedColumn => ({
  type,
  sqlType: type,
  maxLength: null,
  precision: null,
  scale: null,
  labels: [],
  isNullable: true,
  isUnique,
  ...narrow,
});

async function maskerOf(
  anonymizer: Anonymizer,
  { type = anonymizer.example.type, isUnique = false, narrow = {}, key = KEY, domain = "domain" } = {},
): Promise<Masker> {
  const options = anonymizer.options.parse(anonymizer.example.options);
  return columnMasker({ anonymizer, options, domain }, column(type, isUnique, narrow), { key, domain });
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

/** A column that holds less than its type, and what it holds of a value. */
interface Narrow {
  readonly type: string;
  readonly narrow: Partial<MaskedColumn> & { readonly sqlType: string };
  readonly cut: (value: string) => string;
}

const ofCharacters = (type: string, sqlName: string, maxLength: number): Narrow => ({
  type,
  narrow: { sqlType: `${sqlName}(${maxLength})`, maxLength },
  cut: (value) => Array.from(value).slice(0, maxLength).join(""),
});
const ofDigits = (precision: number, scale: number): Narrow => ({
  type: "numeric",
  narrow: { sqlType: `numeric(${precision},${scale})`, precision, scale },
  cut(value) {
    const units = BigInt(value.replaceAll(/\D/g, "").slice(-precision));
    const digits = String(units).padStart(scale + 1, "0");
    const at = digits.length - scale;
    return `${value.startsWith("-") && units > 0n ? "-" : ""}${digits.slice(0, at)}${scale === 0 ? "" : `.${digits.slice(at)}`}`;
  },
});
const NARROW: readonly Narrow[] = [
  ...[1, 4, 9, 21].map((length) => ofCharacters("varchar", "character varying", length)),
  ...[1, 11].map((length) => ofCharacters("bpchar", "character", length)),
  ofDigits(3, 0),
  ofDigits(5, 2),
  ofDigits(4, 4),
  ofDigits(30, 10),
];

/** Different values of a type, always the same ones. */
const sampleOf = (type: string, count: number, cut = (value: string) => value): string[] => {
  const values = fc.sample(valuesOf(type), { numRuns: count, seed: 1 }).map(cut);
  return [...new Map(values.map((value) => [equalForm(type, value), value])).values()];
};

let db: Connection;
beforeAll(async () => {
  db = await Connection.open(inject("serverUrl"));
});
afterAll(() => db.close());

/** The values that PostgreSQL does not take as the type. */
async function refused(
  values: readonly (string | null)[],
  type: string,
  sqlType = `pg_catalog."${type}"`,
): Promise<string[]> {
  const wrong: string[] = [];
  // An extension's type takes all text.
  const target = sql.raw(type === "citext" ? "text[]" : `${sqlType}[]`);
  const cast = (list: readonly (string | null)[]) => db.run(sql`select ${list}::text[]::${target}`);
  try {
    await cast(values);
  } catch {
    for (const value of values) await cast([value]).catch(() => wrong.push(String(value)));
  }
  return wrong;
}

/** Numbers of which the column would drop digits. */
async function rounded(values: readonly string[], sqlType: string): Promise<string[]> {
  if (!sqlType.startsWith("numeric")) return [];
  const target = sql.raw(sqlType);
  const rows = await db.rows<{ value: string }>(
    sql`select value from unnest(${values}::text[]) as t (value) where value::numeric <> value::${target}`,
  );
  return rows.map(({ value }) => value);
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
        expect(new Set(given.map((value) => equalForm(type, value))).size).toBe(given.length);
        expect(await refused(masked, type)).toEqual([]);
      },
    );

    test.each(NARROW.filter(({ type }) => typesOf(anonymizer).includes(type)))(
      "$narrow.sqlType: what it gives fits, or the column is refused",
      async ({ type, narrow, cut }) => {
        const isUnique =
          anonymizer.distinctness(anonymizer.options.parse(example.options), column(type, true, narrow)) !==
          "lossy";
        const masker = await maskerOf(anonymizer, { type, isUnique, narrow }).catch((error: unknown) => {
          expect(error).toMatchObject({ code: "ANON_1400" });
        });
        if (masker === undefined) return;
        const given = masker(sampleOf(type, 1000, cut)).filter((value) => value !== null);
        const { maxLength, sqlType } = narrow;
        expect(given.filter((value) => Array.from(value).length > (maxLength ?? Infinity))).toEqual([]);
        expect(await refused(given, type, sqlType)).toEqual([]);
        expect(await rounded(given, sqlType)).toEqual([]);
        if (isUnique) expect(new Set(given.map((value) => equalForm(type, value))).size).toBe(given.length);
      },
    );

    test("what speaks for it is found in its example, and at once in texts of any length", () => {
      const { name, value } = anonymizer.recognises ?? {};
      if (value !== undefined) expect(example.values.some((one) => value.test(one))).toBe(true);
      const long = ["a", "1", " ", "-", "a ", "1 ", "a-", "@a.", "_a", "A1", "str"].map((text) =>
        text.repeat(50_000),
      );
      const started = performance.now();
      for (const text of long)
        for (const end of ["", "!"]) [name, value].forEach((one) => one?.test(text + end));
      expect(performance.now() - started).toBeLessThan(1000);
    });
  },
);
