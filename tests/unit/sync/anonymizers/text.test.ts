import { expect, test } from "vitest";
import { mayGive, namedDomain } from "../../../../src/sync/column-masker.ts";
import { parseRule } from "../../../../src/sync/rule.ts";
import { IDENTITY, masked, TEXT_COLUMN } from "../../../support/mask.ts";

/** Each sort as a word, so that one sees what was found. */
const marks = Object.fromEntries(
  ["url", "email", "uuid", "iban", "card", "ip", "phone", "words"].map((name) => [
    name,
    { anonymizer: "redact", replacement: `<${name}>` },
  ]),
);

async function found(text: string, options: object = {}): Promise<string> {
  const [result] = await masked({ anonymizer: "text", rules: marks, ...options }, [text]);
  return result!;
}

test.each([
  ["mail ada.king+x@mail.lovelace.co.uk.", "mail <email>."],
  ["<ada@lovelace.org>, 'bob@x.io'; Name=eve@x.io", "<<email>>, '<email>'; Name=<email>"],
  ["grüße@müller.de und 用户@例子.公司", "<email> und <email>"],
  ["@ada wrote to ada@localhost", "@ada wrote to ada@localhost"],
  ["see https://ada.example.org/a?b=c#d, or (www.lovelace.org).", "see <url>, or (<url>)."],
  ["ftp://ada:pw@host/x and mailto:ada@x.org", "<url> and mailto:<email>"],
  [
    "6fa459ea-ee8a-3ca4-894e-db77e160355e6 6FA459EA-EE8A-3CA4-894E-DB77E160355E",
    "6fa459ea-ee8a-3ca4-894e-db77e160355e6 <uuid>",
  ],
  ["DE89 3704 0044 0532 0130 00 and GB29NWBK60161331926819.", "<iban> and <iban>."],
  ["iban de89370400440532013000 please pay", "iban <iban> please pay"],
  [
    "NL91ABNA0417164300 EUR 12, AB00 WXYZ 1234 5678 ABCD 1234",
    "<iban> EUR 12, AB00 WXYZ 1234 5678 ABCD 1234",
  ],
  ["card 4111 1111 1111 1111 12/27 or 5500-0000-0000-0004", "card <card> 12/27 or <card>"],
  ["order 17 4111111111111111", "order 17 <card>"],
  [
    "10.0.0.1, 192.168.0.300 1.2.3.4.5 (2001:db8::1) ::ffff:10.0.0.1.",
    "<ip>, 192.168.0.300 1.2.3.4.5 (<ip>) <ip>.",
  ],
  ["at 10:20:30 std::string a:b:c", "at 10:20:30 std::string a:b:c"],
  ["call +49 (0)30 1234-567 or (555) 010-9999, 555-0199", "call <phone> or <phone>, <phone>"],
  ["Tel.030/1234567, 0049 30 123456, 5551234567", "Tel.<phone>, <phone>, <phone>"],
  ["on 2020-01-31 030 1234567, 31.01.2020", "on 2020-01-31 <phone>, 31.01.2020"],
  ["costs 1 000 000 000 or 1234567.89 and 12,345,678", "costs 1 000 000 000 or 1234567.89 and 12,345,678"],
])("%s", async (text, expected) => {
  expect(await found(text)).toBe(expected);
});

test("words are found whole, in any case and of any script", async () => {
  const options = { words: ["Ada", "Ada King", "C++", "Łukasz", "a.b"] };
  expect(await found("ADA KING, ada's Adam. (Łukasz) c++! a.b axb", options)).toBe(
    "<words>, <words>'s Adam. (<words>) <words>! <words> axb",
  );
});

test("regular expressions of one's own are looked for first", async () => {
  const options = {
    patterns: [
      { regex: "CUST-\\d+", rule: { anonymizer: "pattern", alphabets: ["0-9"] } },
      { regex: "ticket \\w+", ignore_case: true },
    ],
  };
  const text = await found("CUST-5551234567 and cust-12, Ticket X9", options);
  expect(text).toMatch(/^[A-Z]{4}-\d{10} and cust-12, \[REDACTED\]$/);
});

test("only what is asked for is looked for, and a rule may leave nothing", async () => {
  expect(await found("ada@x.org 10.0.0.1", { detect: ["ip"] })).toBe("ada@x.org <ip>");
  expect(await found("ada@x.org!", { rules: { email: "null" } })).toBe("!");
});

test("a value has the replacement that it has in a column of the same domain", async () => {
  const rule = { anonymizer: "text", rules: { email: { anonymizer: "email", domain: "address" } } };
  const texts = await masked(rule, ["from ada@lovelace.org", "ada@lovelace.org, bob@x.org"]);
  const addresses = await masked("email", ["ada@lovelace.org", "bob@x.org"], {
    identity: { ...IDENTITY, domain: namedDomain("address") },
  });
  expect(texts).toEqual([`from ${addresses[0]}`, `${addresses[0]}, ${addresses[1]}`]);
});

test("what becomes too long is cut", async () => {
  const [text] = await masked("text", ["a@b.org 😀 and more"], { maxLength: 20 });
  expect(text).toMatch(/^[0-9a-z]{20}$/);
});

test("a text in which nothing is found may be a result", async () => {
  const may = await mayGive(parseRule({ anonymizer: "text", words: ["Ada"] }), TEXT_COLUMN);
  expect(["", "Thanks!", "ada", "a@b.org"].map(may)).toEqual([true, true, false, false]);
});

test("long texts of any sort take no long time", async () => {
  const parts = [
    "a",
    "1",
    "1 ",
    "a@",
    "@",
    "a.",
    "1.",
    ":",
    "f:",
    "DE89 ",
    "DE89",
    "!",
    "http://",
    "- ",
    "(",
    "+1",
  ];
  const start = performance.now();
  for (const part of parts) await masked({ anonymizer: "text", words: ["a b"] }, [part.repeat(30_000)]);
  expect(performance.now() - start).toBeLessThan(10_000);
});

test.each([
  [{ patterns: [{ regex: "(" }] }, "no regular expression"],
  [{ patterns: [{ regex: "a*" }] }, "matches the empty text"],
  [{ words: [" "] }, "words"],
  [{ detect: ["ssn"] }, "detect"],
  [{ rules: { name: "email" } }, "rules"],
  [{ rules: { email: { anonymizer: "email", doman: "x" } } }, "doman"],
])("%j is refused", async (options, message) => {
  await expect(masked({ anonymizer: "text", ...options }, [])).rejects.toMatchObject({
    code: "ANON_1400",
    message: expect.stringContaining(message) as string,
  });
});
