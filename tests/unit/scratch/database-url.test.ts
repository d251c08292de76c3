import { expect, test } from "vitest";
import { shownUrl, withDatabase } from "../../../src/scratch/database-url.ts";

test.each([
  ["postgresql://u:p@h:5432/old", "postgresql://u:p@h:5432/new"],
  ["postgres://h", "postgres://h/new"],
  ["postgresql://u@/old?host=%2Ftmp%2Fx&port=5432", "postgresql://u@/new?host=%2Ftmp%2Fx&port=5432"],
  ["postgresql:///?dbname=old&sslmode=require", "postgresql:///new?sslmode=require"],
  ["host=h dbname=old", "host=h dbname=old dbname='new'"],
])("%s", (url, expected) => {
  expect(withDatabase(url, "new")).toBe(expected);
});

test("a name is quoted in either form", () => {
  expect(withDatabase("postgresql://h/old", "a b/c")).toBe("postgresql://h/a%20b%2Fc");
  expect(withDatabase("host=h", "it's")).toBe("host=h dbname='it\\'s'");
});

test.each([
  ["postgresql://u:p@h:5432/d?sslmode=require", "postgresql://u@h:5432/d?sslmode=require"],
  ["postgresql://u@/d?host=%2Ftmp%2Fx&port=5432&password=p", "postgresql://u@/d?host=%2Ftmp%2Fx&port=5432"],
  ["host=h password='p w' dbname=d", "postgresql://h/d"],
  ["postgresql://a,b:5433/d", "postgresql:///d?host=a%2Cb&port=%2C5433"],
  ["postgresql://[::1]:5433/", "postgresql://?host=%3A%3A1&port=5433"],
])("shown without its password: %s", (url, expected) => {
  expect(shownUrl(url)).toBe(expected);
});
