import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import {
  type Anonymizer,
  columnOfType,
  type MaskedColumn,
  TEXT_TYPES,
} from "../../../src/sync/anonymizer.ts";
import { ANONYMIZERS } from "../../../src/sync/anonymizers/index.ts";
import { columnMasker, mayGive } from "../../../src/sync/column-masker.ts";
import type { Masker } from "../../../src/sync/keyed/masker.ts";
import { masterKey } from "../../../src/sync/keyed/master-key.ts";
import { valuesOf } from "../../support/values.ts";

const KEY = masterKey("a key of the tests, 1");
const OTHER_KEY = masterKey("a key of the tests, 2");

const optionsOf = (anonymizer: Anonymizer) => anonymizer.options.parse(anonymizer.example.options);

async function maskerOf(
  anonymizer: Anonymizer,
  {
    type = anonymizer.example.type,
    isUnique = false,
    maxLength = null as number | null,
    digits = {} as Partial<MaskedColumn>,
    key = KEY,
    domain = "domain",
  } = {},
): Promise<Masker> {
  const rule = { anonymizer, options: optionsOf(anonymizer), domain };
  return columnMasker(rule, columnOfType(type, { isUnique, maxLength, ...digits }), { key, domain });
}

/** As `maskerOf`, or null where a column of this length is refused. */
const fittingMasker = (
  anonymizer: Anonymizer,
  given: Parameters<typeof maskerOf>[1],
): Promise<Masker | null> =>
  maskerOf(anonymizer, given).catch((error: { code?: string }) => {
    expect(error.code).toBe("ANON_1400");
    return null;
  });

/** The types to try: all that it accepts, or some of every sort. */
const typesOf = ({ accepts, example }: Anonymizer): readonly string[] =>
  accepts === "any" ? [example.type] : accepts;

/** Values that PostgreSQL takes for equal are one. */
const equalForm = (type: string, value: string): string => {
  if (type === "bpchar") return value.trimEnd();
  if (type === "citext") return value.toLowerCase();
  if (type === "jsonb") return JSON.stringify(JSON.parse(value));
  if (type === "name") return Buffer.from(value).subarray(0, 63).toString();
  return type === "numeric" || type.startsWith("float") ? String(Number(value)) : value;
};

/** A column of fewer digits, and what it holds of a value. */
interface Narrow {
  readonly digits: Partial<MaskedColumn> & { readonly sqlType: string };
  readonly cut: (value: string) => string;
}

const ofDigits = (precision: number, scale: number): Narrow => ({
  digits: { sqlType: `numeric(${precision},${scale})`, precision, scale },
  cut(value) {
    const units = BigInt(value.replaceAll(/\D/g, "").slice(-precision));
    const text = String(units).padStart(scale + 1, "0");
    const at = text.length - scale;
    return `${value.startsWith("-") && units > 0n ? "-" : ""}${text.slice(0, at)}${scale === 0 ? "" : `.${text.slice(at)}`}`;
  },
});
const NARROW: readonly Narrow[] = [ofDigits(3, 0), ofDigits(5, 2), ofDigits(4, 4), ofDigits(30, 10)];

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

/** Numbers of which a column would drop digits. */
async function rounded(values: readonly string[], sqlType: string): Promise<string[]> {
  const target = sql.raw(sqlType);
  const rows = await db.rows<{ value: string }>(
    sql`select value from unnest(${values}::text[]) as t (value) where value::numeric <> value::${target}`,
  );
  return rows.map(({ value }) => value);
}

/** Some stand in for whole columns only, by an expression. */
const MASKING: Anonymizer[] = [];
for (const anonymizer of ANONYMIZERS) {
  const masks = await fittingMasker(anonymizer, {});
  if (masks !== null) MASKING.push(anonymizer);
  else if (anonymizer.expression === undefined) throw new Error(`${anonymizer.name} refuses its own example`);
}

/** Lengths of columns at which something changes, and the smallest ones. */
const LENGTHS = [1, 2, 3, 5, 8, 12, 15, 16, 17, 19, 20, 21, 32, 35, 36, 40, 59, 60, 255];

const lengthOf = (value: string) => Array.from(value).length;

describe.each(MASKING.map((anonymizer) => [anonymizer.name, anonymizer] as const))("%s", (_, anonymizer) => {
  const { example, isKeyed } = anonymizer;
  const textTypes = typesOf(anonymizer).filter(
    (type) => (TEXT_TYPES as readonly string[]).includes(type) && type !== "name",
  );

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
    expect(again([])).toEqual([]);
  });

  test(isKeyed ? "another key and another domain give other values" : "no key is asked for", async () => {
    const values = [...sampleOf(example.type, 200), ...example.values];
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

  test.each(typesOf(anonymizer))("%s: what stays as it is, it says that it may give", async (type) => {
    for (const isUnique of [false, true]) {
      const values = [...sampleOf(type, 1000), ...(type === example.type ? example.values : [])];
      const masked = (await maskerOf(anonymizer, { type, isUnique }))(values);
      const again = (await maskerOf(anonymizer, { type, isUnique, key: OTHER_KEY }))(values);
      const rule = { anonymizer, options: optionsOf(anonymizer), domain: undefined };
      const may = await mayGive(rule, columnOfType(type, { isUnique }));
      // A short one can stay by chance; one without letters and digits is all layout.
      const isLong = (value: string) => (value.match(/[\p{L}\p{N}]/gu) ?? []).length > 5;
      const stayed = values.filter((value, i) => masked[i] === value && again[i] === value && isLong(value));
      expect(stayed.filter((value) => !may(value))).toEqual([]);
    }
  });

  test.each(typesOf(anonymizer))(
    "%s: values of a unique column stay different where it says so",
    async (type) => {
      if (anonymizer.distinctness(optionsOf(anonymizer), columnOfType(type, { isUnique: true })) === "lossy")
        return;
      const values = sampleOf(type, 3000);
      const masked = (await maskerOf(anonymizer, { type, isUnique: true }))(values);
      const given = masked.flatMap((value) => (value === null ? [] : equalForm(type, value)));
      expect(new Set(given).size).toBe(given.length);
      expect(await refused(masked, type)).toEqual([]);
    },
  );

  test.each(textTypes)("%s of any length has room for what it gives, or is refused", async (type) => {
    let fitted = false;
    for (const maxLength of LENGTHS) {
      const masker = await fittingMasker(anonymizer, { type, maxLength });
      if (masker === null) expect(fitted).toBe(false);
      if (masker === null) continue;
      fitted = true;
      const values = [
        ...new Map(
          sampleOf(type, 400)
            .map((value) => Array.from(value).slice(0, maxLength).join(""))
            .map((value) => [equalForm(type, value), value]),
        ).values(),
      ];
      const masked = masker(values);
      expect(masked.filter((value) => value !== null && lengthOf(value) > maxLength)).toEqual([]);
      expect(await refused(masked, type)).toEqual([]);
      const unique = columnOfType(type, { isUnique: true, maxLength });
      if (anonymizer.distinctness(optionsOf(anonymizer), unique) === "lossy") continue;
      const apart = (await maskerOf(anonymizer, { type, maxLength, isUnique: true }))(values);
      const given = apart.flatMap((value) => (value === null ? [] : equalForm(type, value)));
      expect(given.filter((value) => lengthOf(value) > maxLength)).toEqual([]);
      expect(new Set(given).size).toBe(given.length);
    }
    expect(fitted).toBe(true);
  });

  test.each(NARROW.filter(() => typesOf(anonymizer).includes("numeric")))(
    "$digits.sqlType has room for what it gives, or is refused",
    async ({ digits, cut }) => {
      const apart = columnOfType("numeric", { ...digits, isUnique: true });
      const isUnique = anonymizer.distinctness(optionsOf(anonymizer), apart) !== "lossy";
      const masker = await fittingMasker(anonymizer, { type: "numeric", isUnique, digits });
      if (masker === null) return;
      const given = masker(sampleOf("numeric", 1000, cut)).filter((value) => value !== null);
      expect(await refused(given, "numeric", digits.sqlType)).toEqual([]);
      expect(await rounded(given, digits.sqlType)).toEqual([]);
      if (isUnique) expect(new Set(given).size).toBe(given.length);
    },
  );
});

describe.each(
  ANONYMIZERS.filter(({ expression }) => expression !== undefined).map(
    (anonymizer) => [anonymizer.name, anonymizer] as const,
  ),
)("%s, as an expression", (_, anonymizer) => {
  const { example } = anonymizer;

  test("PostgreSQL evaluates it, to what it gives otherwise", async () => {
    const given = await anonymizer.expression!(optionsOf(anonymizer), columnOfType(example.type), "c.v");
    const rows = await db.rows<{ masked: string | null }>(
      sql`select case when c.v is not null then ${sql.raw(given)} end::text as masked
          from unnest(${[...example.values, null]}::text[]) with ordinality as c (v, i) order by i`,
    );
    const masked = rows.map((row) => row.masked);
    expect(masked.at(-1)).toBeNull();
    expect(await refused(masked, example.type)).toEqual([]);
    const masker = await fittingMasker(anonymizer, {});
    if (masker !== null) expect(masked.slice(0, -1)).toEqual(masker(example.values));
  });
});

describe.each(
  ANONYMIZERS.flatMap(({ name, recognises }) =>
    recognises === undefined ? [] : [[name, recognises] as const],
  ),
)("%s is proposed", (_, { name, qualified, value, possible }) => {
  test("by expressions that take no long time for any text", () => {
    const texts = ["a", "1", "a1", "1 ", "1.", ":", "a:", "a@", "-", "a-", "_", "https://", " "].flatMap(
      (part) => [part.repeat(20_000), `${part.repeat(20_000)}\n`],
    );
    const start = performance.now();
    for (const text of texts) {
      for (const expression of [name, qualified]) expression?.test(text.slice(0, 63));
      for (const expression of [value, possible]) expression?.test(text);
    }
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test("never by the name of a key", () => {
    for (const key of ["id", "created_at", "price", "quantity"]) expect(name?.test(key) ?? false).toBe(false);
  });
});

test.each(ANONYMIZERS.filter(({ whenUnique }) => whenUnique !== undefined))(
  "$name has options with which it keeps values apart",
  (anonymizer) => {
    const { options, example, whenUnique } = anonymizer;
    const given = options.parse(Object.assign({}, example.options, whenUnique));
    expect(anonymizer.distinctness(given, { ...columnOfType("text"), isUnique: true })).not.toBe("lossy");
  },
);
