import fc from "fast-check";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { type AddedTable, addRules } from "../../../../src/sync/propose/add-rules.ts";
import { parseRules } from "../../../../src/sync/rules-file.ts";

const email = { column: "email", rule: "email", comment: "by its name" };
const phone = {
  column: "phone",
  rule: { anonymizer: "phone", domain: "phone" },
  comment: "by its name; # and more",
};
const known: AddedTable = { table: "public.a", known: "a", columns: [email, phone] };
const fresh: AddedTable = {
  table: 'public."odd: name"',
  known: null,
  columns: [{ column: "other", rule: null, comment: "the rule of public.a.id" }, email],
};
const inheriting: AddedTable = {
  table: "public.j",
  known: null,
  columns: [{ column: "x", rule: null, comment: "the rule of public.a.id" }],
};

const add = (text: string, ...tables: AddedTable[]) => addRules(text, "rules.yaml", tables);

test("behind the last column, and behind the last table", () => {
  const text = `# head
version: 1

exclude:   [ b* ]
tables:
    a:
        columns:
            id:   keep   # a comment,   as it is
            "other":   {anonymizer:   email}

        where: "x > 1"

    # about c
    c:
        columns: {id: keep}
# end
`;
  expect(add(text, known, fresh)).toBe(`# head
version: 1

exclude:   [ b* ]
tables:
    a:
        columns:
            id:   keep   # a comment,   as it is
            "other":   {anonymizer:   email}
            email: email # by its name
            phone: { anonymizer: phone, domain: phone } # by its name; # and more

        where: "x > 1"

    # about c
    c:
        columns: {id: keep}
    'public."odd: name"':
      columns:
        # other: the rule of public.a.id
        email: email # by its name
# end
`);
});

test.each([
  [
    "of one line",
    "version: 1\ntables: {a: {columns: {id: keep}}}\n",
    `version: 1
tables: {a: {columns: {id: keep,
  email: email, # by its name
  phone: { anonymizer: phone, domain: phone }, # by its name; # and more
  }},
  'public."odd: name"': { columns: { email: email } },
  }
`,
  ],
  [
    "of one line for each table",
    "version: 1\ntables:\n  a: {columns: {id: keep, }} # why\n",
    `version: 1
tables:
  a: {columns: {id: keep, 
    email: email, # by its name
    phone: { anonymizer: phone, domain: phone }, # by its name; # and more
    }} # why
  'public."odd: name"':
    columns:
      # other: the rule of public.a.id
      email: email # by its name
`,
  ],
  [
    "without columns",
    "version: 1\ntables:\n  a:\n    where: x > 1 # why\n",
    `version: 1
tables:
  a:
    where: x > 1 # why
    columns:
      email: email # by its name
      phone: { anonymizer: phone, domain: phone } # by its name; # and more
  'public."odd: name"':
    columns:
      # other: the rule of public.a.id
      email: email # by its name
`,
  ],
  [
    "with nothing",
    "version: 1\ntables:\n  a: # nothing yet",
    `version: 1
tables:
  a: # nothing yet
    columns:
      email: email # by its name
      phone: { anonymizer: phone, domain: phone } # by its name; # and more
  'public."odd: name"':
    columns:
      # other: the rule of public.a.id
      email: email # by its name
`,
  ],
  [
    "with null",
    "version: 1\ntables: {a: , b: null}",
    `version: 1
tables: {a:  { columns: { email: email, phone: { anonymizer: phone, domain: phone } } }, b: null,
  'public."odd: name"': { columns: { email: email } },
  }
`,
  ],
])("tables %s", (_, text, expected) => {
  expect(add(text, known, fresh)).toBe(expected);
  expect(() => parseRules(expected, "rules.yaml")).not.toThrow();
});

test("a null that is written, a table whose columns all have other rules, and no table at all", () => {
  expect(add("version: 1\ntables:\n  a: ~ # x\n  b: {}\n", known)).toBe(
    "version: 1\ntables:\n  a:  # x\n    columns:\n      email: email # by its name\n      phone: { anonymizer: phone, domain: phone } # by its name; # and more\n  b: {}\n",
  );
  expect(add("version: 1\ntables: {}\n", inheriting)).toBe(
    "version: 1\ntables: {\n  public.j: {}, # every column has the rule of the one that it refers to\n  }\n",
  );
  expect(add("version: 1\ntables:\n  b: {}", inheriting)).toBe(
    "version: 1\ntables:\n  b: {}\n  public.j: {} # every column has the rule of the one that it refers to\n",
  );
});

test("nothing to add, and line ends of Windows", () => {
  const text = "version: 1\r\ntables:\r\n  a:\r\n    columns:\r\n      id: keep\r\n";
  expect(add(text)).toBe(text);
  expect(add(text, { ...known, columns: [email] })).toBe(`${text}      email: email # by its name\r\n`);
});

test.each([
  "version: 1\ntables:\n  b: &b {columns: {x: keep}}\n  a: *b\n",
  "version: 1\ntables:\n  b: &b {columns: {x: keep}}\n  a:\n    <<: *b\n",
  "version: 1\ntables:\n  b: {columns: &c {x: keep}}\n  a: {columns: *c}\n",
])("an alias has no place for more: %j", (text) => {
  expect(() => add(text, known)).toThrow(
    expect.objectContaining({ code: "CONFIG_002", message: expect.stringContaining("alias") }),
  );
});

test("columns that others are merged into have a place", () => {
  const text = "version: 1\ntables:\n  b: {columns: &c {x: keep}}\n  a:\n    columns:\n      <<: *c\n";
  expect(parse(add(text, known), { merge: true })).toMatchObject({
    tables: { a: { columns: { x: "keep", email: "email" } } },
  });
});

test("in any layout, all that was there stays as it is and all that is new is there", () => {
  const name = fc.constantFrom("a", "b", "public.c", 'public."D d"', "e: f", "null", "1");
  const rule = fc.constantFrom<unknown>("keep", "email", null, { anonymizer: "noise", percent: 5 });
  const file = fc.dictionary(
    name,
    fc.oneof(
      fc.constant(null),
      fc.record(
        { where: fc.constantFrom("x > 1", "a\nb"), columns: fc.dictionary(name, rule) },
        { requiredKeys: [] },
      ),
    ),
  );
  const layout = fc.record({
    indent: fc.integer({ min: 1, max: 6 }),
    collectionStyle: fc.constantFrom<"any" | "flow">("any", "flow"),
    lineWidth: fc.constantFrom(0, 30),
    flowCollectionPadding: fc.boolean(),
    nullStr: fc.constantFrom("null", "", "~"),
    trailingComma: fc.boolean(),
  });
  const ends = fc.constantFrom("", "\n", "# end", "\n\n  # end\n");
  fc.assert(
    fc.property(file, layout, ends, (tables, options, end) => {
      const text =
        stringify({ version: 1, tables }, options).trimEnd() + (end.startsWith("#") ? " " : "") + end;
      const before = parse(text) as { tables: Record<string, { columns?: object } | null> };
      const added = [
        fresh,
        inheriting,
        ...Object.keys(before.tables).map((table): AddedTable => ({
          ...known,
          known: table,
          columns: [NEW],
        })),
      ];
      const after = add(text, ...added);
      expect(parse(after), after).toEqual({
        version: 1,
        tables: {
          ...Object.fromEntries(
            Object.entries(before.tables).map(([table, rules]) => [
              table,
              { ...rules, columns: { ...rules?.columns, [NEW.column]: NEW.rule } },
            ]),
          ),
          [fresh.table]: { columns: { email: "email" } },
          [inheriting.table]: {},
        },
      });
      expect(isWithin(text.replaceAll(/null|~/g, ""), after.replaceAll(/null|~/g, ""))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

const NEW = { column: "new", rule: { anonymizer: "phone", domain: "d" }, comment: "why" };

/** Whether a text is left when some of another is taken away. */
function isWithin(text: string, other: string): boolean {
  let at = 0;
  for (const character of other) if (character === text[at]) at++;
  return at === text.length;
}
