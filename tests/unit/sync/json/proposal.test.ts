import fc from "fast-check";
import { expect, test } from "vitest";
import { foundInDocuments } from "../../../../src/sync/json/proposal.ts";
import { recogniseInside } from "../../../../src/sync/propose/fit.ts";
import { masked, TEXT_COLUMN } from "../../../support/mask.ts";

async function proposed(...documents: readonly unknown[]) {
  const values = documents.map((document) => JSON.stringify(document));
  const column = { ...TEXT_COLUMN, type: "jsonb", sqlType: "jsonb" };
  const inside = await foundInDocuments({ name: "payload", owner: "t", column, values }, recogniseInside);
  return inside && { options: inside.options(inside.rules), told: inside.told };
}

const optionsOf = async (...documents: readonly unknown[]) => (await proposed(...documents))?.options;

test("paths by key and by value; all else stays", async () => {
  const documents = ["ada@lovelace.org", "bob@x.io"].map((address, i) => ({
    customer: { firstName: "Ada", contact: address, age_group: "b" },
    items: [{ sku: `A${i}`, price: 5 }],
    phones: ["+44 20 7946 0958"],
    note: `call 030 123456${i}`,
    ip: "192.0.2.17",
    total: 12.5,
  }));
  expect(await proposed(...documents)).toEqual({
    options: {
      paths: {
        "customer.firstName": "first-name",
        "customer.contact": "email",
        "phones.*": "phone",
        note: "text",
        ip: "ip",
      },
      others: "keep",
    },
    told: "5 place(s) in 2 of 2 document(s); all other values stay",
  });
});

test("nothing where nothing looks personal", async () => {
  expect(await proposed({ a: 1, b: ["x", "y"], c: { d: null } }, { a: 2 })).toBeNull();
  expect(await proposed()).toBeNull();
  expect(await proposed("ada", 5, null, [])).toBeNull();
});

test("keys that are values are no part of a path", async () => {
  const people = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [`person${i}`, { email: `p${i}@x.org`, score: i }]),
  );
  expect(await optionsOf({ people }, { people: {} })).toEqual({
    paths: { "people.*.email": "email" },
    others: "keep",
  });
  expect(await optionsOf({ by: { "17": { phone: "030 1234567" } } }, { by: {} })).toEqual({
    paths: { "by.*.phone": "phone" },
    others: "keep",
  });
  expect(await optionsOf({ scores: { "ada@x.org": 1, "bob@x.org": 2 } }, { scores: {} })).toEqual({
    paths: {},
    keys: { scores: "email" },
    others: "keep",
  });
});

test("a value at a place that cannot be named leaves nothing but what is named", async () => {
  const result = await proposed({ kind: "a", Lovelace: "ada@x.org" }, { kind: "b", email: "bob@x.org" });
  expect(result).toEqual({
    options: { paths: { email: "email", kind: "keep" } },
    told: "1 place(s) in 2 of 2 document(s); what was seen besides stays, all else becomes null",
  });
  const rule = { anonymizer: "json", ...result!.options };
  const [document] = await masked(rule, ['{"kind": "a", "Lovelace": "ada@x.org"}'], { type: "jsonb" });
  expect(document).toBe('{"kind": "a", "Lovelace": null}');
});

test("a document or a list that is an address", async () => {
  expect(await optionsOf("ada@x.org", "bob@x.org")).toEqual({ paths: {} });
  expect(await optionsOf(["ada@x.org"], ["bob@x.org"])).toEqual({ paths: { "*": "email" }, others: "keep" });
});

test("numbers are numbers, or the digits of something else", async () => {
  const documents = [1, 2].map((i) => ({ salary: 5000 + i, phone: 491701234560 + i, lat: 51.5, count: i }));
  expect(await optionsOf(...documents)).toEqual({
    paths: { salary: "noise", phone: "integer", lat: "coordinates" },
    others: "keep",
  });
});

test("keys with dots and blanks", async () => {
  const documents = [1, 2].map((i) => ({ "e.mail": `a${i}@x.org`, "first name": "Ada", "": "x" }));
  expect(await optionsOf(...documents)).toEqual({
    paths: { '"e.mail"': "email", "first name": "first-name" },
    others: "keep",
  });
});

test("for any documents the rule is one, and none of the addresses in values is left", async () => {
  const leaf = fc.oneof(
    fc.constantFrom(1, true, null),
    fc.nat({ max: 99 }).map((number) => `address${number}@leak.example`),
  );
  const tree = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, leaf, tie("list"), tie("object"), tie("object")),
    list: fc.array(tie("value"), { maxLength: 3 }),
    object: fc.dictionary(
      fc.constantFrom("a", "b", "email", "17", "x.y", "Ada Lovelace", "k@y.org", "*"),
      tie("value"),
      { maxKeys: 4 },
    ),
  })).object;
  await fc.assert(
    fc.asyncProperty(fc.array(tree, { minLength: 1, maxLength: 6 }), async (documents) => {
      const options = await optionsOf(...documents);
      const values = documents.map((document) => JSON.stringify(document));
      if (options === undefined || options === null) {
        expect(values.join("")).not.toContain("@leak");
        return;
      }
      const results = await masked({ anonymizer: "json", ...options }, values, { type: "jsonb" });
      expect(results.join("\n"), JSON.stringify({ documents, options })).not.toContain("@leak");
      expect(JSON.stringify(options)).not.toMatch(/@leak|k@y/);
    }),
    { numRuns: 300 },
  );
});
