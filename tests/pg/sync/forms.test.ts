import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { parseAddress, writeAddress } from "../../../src/sync/values/network-address.ts";
import { masked } from "../../support/mask.ts";
import { valuesOf } from "../../support/values.ts";

let db: Connection;
beforeAll(async () => {
  db = await Connection.open(inject("serverUrl"));
});
afterAll(() => db.close());

/** Values as PostgreSQL writes them when it has read them as a type. */
async function asWritten(values: readonly (string | null)[], type: string): Promise<string[]> {
  const rows = await db.rows<{ value: string }>(
    sql`select format('%s', v::${sql.raw(type)}) as value from unnest(${values}::text[]) with ordinality as u (v, i) order by i`,
  );
  return rows.map(({ value }) => value);
}

const sample = (type: string) => fc.sample(valuesOf(type), { numRuns: 500, seed: 2 });

test.each(["uuid", "inet", "macaddr", "macaddr8"])(
  "what stands in for a text that is of type %s is one too",
  async (type) => {
    const anonymizer = { uuid: "uuid", inet: "ip" }[type] ?? "mac";
    for (const isUnique of [true, false]) {
      const texts = await masked(anonymizer, sample(type), { type: "text", isUnique });
      // What is not written as PostgreSQL does becomes opaque where it must stay different.
      const formed = isUnique && type === "inet" ? texts.filter((text) => /[.:]/.test(text!)) : texts;
      expect(formed.length).toBeGreaterThan(400);
      expect(await asWritten(formed, type)).toHaveLength(formed.length);
    }
  },
);

test.each(["uuid", "inet", "cidr", "macaddr", "macaddr8"])(
  "a %s is given as PostgreSQL writes it",
  async (type) => {
    const anonymizer = { uuid: "uuid", inet: "ip", cidr: "ip" }[type] ?? "mac";
    for (const isUnique of [true, false]) {
      const values = await masked(anonymizer, sample(type), { type, isUnique });
      expect(await asWritten(values, type)).toEqual(values);
    }
  },
);

test("addresses are written as PostgreSQL does, but for IPv4 ones inside of IPv6", async () => {
  const groups = fc.array(fc.constantFrom("0", "0", "1", "db8", "ffff"), { minLength: 8, maxLength: 8 });
  const addresses = fc
    .sample(groups, { numRuns: 2000, seed: 3 })
    .map((list) => list.join(":"))
    .filter((address) => !/^0:0:0:0:(?:0|ffff:0):(?!0:0$|0:1$)|^0:0:0:0:0:(?:0|ffff):/.test(address));
  const own = addresses.map((address) => writeAddress(parseAddress(address)!));
  expect(own).toEqual(await asWritten(addresses, "inet"));
});

test("a jsonb document keeps numbers of any size", async () => {
  const rule = { anonymizer: "json", others: "keep" as const, paths: { name: "redact" } };
  const [written = ""] = await asWritten(
    ['{"n": 12345678901234567890.1234567890, "name": "Ada", "e": 1e30, "10": 1.00}'],
    "jsonb",
  );
  const [document] = await masked(rule, [written], { type: "jsonb" });
  expect(await asWritten([document!], "jsonb")).toEqual([written.replace("Ada", "[REDACTED]")]);
});
