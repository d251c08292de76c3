import { expect, test } from "vitest";
import { matchName, nameWords } from "../../../../src/sync/realistic/name-words.ts";

test.each([
  ["first_name", "first_name"],
  ["firstName", "first_name"],
  ["FirstName", "first_name"],
  ["EMailAddress", "e_mail_address"],
  ["customerID", "customer_id"],
  ["HTTPServerURL", "http_server_url"],
  ["address2", "address2"],
  ["KundenStraße", "kunden_strasse"],
  ["Prénom", "prenom"],
  ["Date de Naissance", "date_de_naissance"],
  ["__x__", "x"],
  ["", ""],
])("%s is %s", (name, words) => {
  expect(nameWords(name)).toBe(words);
});

test.each([
  ["first_name", { length: 10, isWhole: true, isEnd: false }],
  ["firstname", { length: 9, isWhole: true, isEnd: false }],
  ["customer_first_name", { length: 10, isWhole: false, isEnd: true }],
  ["customerFirstName", { length: 10, isWhole: false, isEnd: true }],
  ["first_name_length", null],
])("the whole name or its end: %s", (name, found) => {
  expect(matchName(/^first_?name$/, name)).toEqual(found);
});

test("how much of a name an expression is about", () => {
  expect(matchName(/mail/, "e_mail_sent")).toEqual({ length: 4, isWhole: false, isEnd: false });
});
