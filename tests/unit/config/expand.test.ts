import { expect, test } from "vitest";
import { expandVariables } from "../../../src/config/expand.ts";

const variables = { HOST: "db.example", _A1: "x", PASSWORD: "p$a${HOST}$HOST", EMPTY: "" };

test.each([
  ["postgresql://app:${PASSWORD}@${HOST}/app", "postgresql://app:p$a${HOST}$HOST@db.example/app"],
  ["${_A1}${_A1}", "xx"],
  ["pa$$word $HOST $ {HOST} $1 }{", "pa$$word $HOST $ {HOST} $1 }{"],
  ["$${HOST}", "$db.example"],
])("%s", (text, expected) => {
  expect(expandVariables(text, variables)).toEqual({ value: expected, failures: [] });
});

test.each([
  ["${MISSING}", "needs ${MISSING}, which is not set"],
  ["${EMPTY}", "needs ${EMPTY}, which is empty"],
  ["${host}", "has a ${…} whose name is not in UPPER_CASE"],
  ["${}", "has a ${…} whose name is not in UPPER_CASE"],
  ["${HOST:-s3cret}", "has ${HOST…}: defaults and other operators are not supported"],
  ["a${HOST", "has a ${ that is never closed"],
  ["${A${HOST}}", "has a ${…} inside a ${…}, which is not expanded"],
])("%s is refused", (text, message) => {
  expect(expandVariables(text, variables)).toEqual({ value: text, failures: [{ path: [], message }] });
});

test("looks into lists and mappings, leaves keys and other values alone, and tells every failure", () => {
  const given = { "${HOST}": ["${HOST}", 5, true, null, { deep: "${NO}" }], other: "${NEITHER}" };
  const { value, failures } = expandVariables(given, variables);
  expect(value).toEqual({ "${HOST}": ["db.example", 5, true, null, { deep: "${NO}" }], other: "${NEITHER}" });
  expect(failures.map(({ path }) => path)).toEqual([["${HOST}", 4, "deep"], ["other"]]);
});
