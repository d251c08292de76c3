import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfitureError } from "../../../src/base/errors.ts";
import { readConnectionString, redact, redactWithin } from "../../../src/pg/connection-string.ts";

const parsed = (text: string) => Object.fromEntries(readConnectionString(text));

describe("URLs", () => {
  test.each([
    ["postgresql://", {}],
    ["postgres:///db", { dbname: "db" }],
    ["postgresql://h", { host: "h" }],
    ["postgresql://u@h:5433/d", { user: "u", host: "h", port: "5433", dbname: "d" }],
    ["postgresql://u:p%40%2F%3A@h/d%20b", { user: "u", password: "p@/:", host: "h", dbname: "d b" }],
    ["postgresql://u:p?q@h/d", { user: "u", password: "p?q", host: "h", dbname: "d" }],
    ["postgresql://%2Fvar%2Frun/d", { host: "/var/run", dbname: "d" }],
    ["postgresql://postgres@/d?host=/tmp/x", { user: "postgres", dbname: "d", host: "/tmp/x" }],
    ["postgresql://[::1]:5433/d", { host: "::1", port: "5433", dbname: "d" }],
    ["postgresql://a:1,b,[::2]:3/d", { host: "a,b,::2", port: "1,,3", dbname: "d" }],
    ["postgresql://h?ssl=true", { host: "h", sslmode: "require" }],
    ["postgresql://h/d?user=a&options=-c%20a%3Db", { host: "h", dbname: "d", user: "a", options: "-c a=b" }],
    ["postgresql://h/d?application_name=a+b@c", { host: "h", dbname: "d", application_name: "a+b@c" }],
  ])("%s", (url, expected) => expect(parsed(url)).toEqual(expected));
});

describe("keywords", () => {
  test.each([
    ["host=h port=5433 dbname=d", { host: "h", port: "5433", dbname: "d" }],
    [" user = u  password = 'it\\'s a \\\\ secret' ", { user: "u", password: "it's a \\ secret" }],
    ["password='' host=h", { password: "", host: "h" }],
    ["password= host=h", { password: "host=h" }],
    ["application_name=a\\ b", { application_name: "a b" }],
    ["password=a=b", { password: "a=b" }],
  ])("%s", (text, expected) => expect(parsed(text)).toEqual(expected));
});

describe("malformed", () => {
  test.each([
    "",
    "geheim",
    "postgresql:/u:geheim@h/d",
    "postgresql://u:ge/heim@h/d",
    "postgresql://u:geheim@x@h/d",
    "postgresql://u:geheim%zz@h/d",
    "postgresql://u:geheim%00@h/d",
    "mysql://u:geheim@h/d",
    "postgresql+psycopg://u:geheim@h/d",
    "jdbc:postgresql://u:geheim@h/d",
    "u:geheim@h/d?sslmode=require",
    "host=h password='geheim",
    "host=h password=ge heim",
    "postgresql://h/d?password",
    "postgresql://h/d?geheim!=1",
    "postgresql://[::1/d",
  ])("%s is CONFIG_003 and shown nowhere", (text) => {
    expect(() => readConnectionString(text)).toThrow(
      expect.objectContaining({ code: "CONFIG_003", message: expect.not.stringMatching(/geheim|heim/) }),
    );
    expect(redact(text)).not.toMatch(/geheim|heim|ge/);
  });
});

describe("redact", () => {
  test.each([
    ["postgresql://u:geheim@h:5432/d", "postgresql://u:***@h:5432/d"],
    ["postgresql://u@h/d", "postgresql://u@h/d"],
    ["postgresql://h/d?password=geheim&sslmode=require", "postgresql://h/d?password=***&sslmode=require"],
    [
      "postgresql://u:a@h/d?p%61ssword=b&sslpassword=c",
      "postgresql://u:***@h/d?p%61ssword=***&sslpassword=***",
    ],
    ["host=h password='a b' user=u", "host=h password=*** user=u"],
    ["password=a password=b", "password=*** password=***"],
  ])("%s", (text, expected) => expect(redact(text)).toBe(expected));

  test.each([
    [
      "unknown option '--x=postgresql://u:geheim@h/d?password=b'",
      "unknown option '--x=postgresql://u:***@h/d?password=***'",
    ],
    ["http://u:geheim@h/ and PGPASSWORD=geheim psql", "http://u:***@h/ and PGPASSWORD=*** psql"],
    ["host=h password='a b' user=u", "host=h password=*** user=u"],
    ["password = 'two words' at postgres://a:b@c/d", "password = *** at postgres://a:***@c/d"],
    ["no password here: a = b", "no password here: a = b"],
  ])("within a text: %s", (text, expected) => expect(redactWithin(text)).toBe(expected));

  test("never shows a password, whatever characters it has", () => {
    const password = fc
      .string({ minLength: 4, unit: "grapheme" })
      .filter((p) => !"postgresql://u:***@host/name?password=*** host=host password=*** user=u".includes(p));
    fc.assert(
      fc.property(password, (secret) => {
        for (const url of [
          `postgresql://u:${secret}@host/name`,
          `postgresql://u:${encodeURIComponent(secret)}@host/name`,
          `host=host password='${secret}' user=u`,
          `postgresql://host/name?password=${secret}`,
        ]) {
          expect(redact(url)).not.toContain(secret);
          expect(redact(url)).not.toContain(encodeURIComponent(secret));
        }
      }),
    );
  });

  test("the password arrives as it was encoded", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (secret) => {
        fc.pre(!secret.includes("\0"));
        const url = parsed(`postgresql://u:${encodeURIComponent(secret)}@h/d`);
        const keywords = parsed(`password='${secret.replace(/[\\']/g, "\\$&")}'`);
        expect([url["password"], keywords["password"]]).toEqual([secret, secret]);
      }),
    );
  });
});

test("errors are the tool's own", () => {
  expect(() => readConnectionString("x")).toThrow(ConfitureError);
});
