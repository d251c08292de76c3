import { expect, test } from "vitest";
import { lineIn } from "../../../../src/migrate/modules/module-stack.ts";

const MODULE = "/project/db/migrations/003_x.ts";

test.each([
  [
    12,
    `Error: no\n    at query (/project/lib/client.js:3:4)\n    at up (${MODULE}:12:5)\n    at up (${MODULE}:99:1)`,
  ],
  [12, `Error: no\n    at async ${MODULE}:12:5`],
  [12, `Error: no\n    at async Module.up (file://${MODULE}:12:5)`],
  [2, `Error: ParseError: Unexpected token\n ${MODULE}:2:18`],
  [1, `file://${MODULE}:1\nimport { a } from "b";\n         ^\nSyntaxError: no`],
  [undefined, `Error: no\n    at up (/other${MODULE}:12:5)`],
  [undefined, `Error: no\n    at up (${MODULE}x:12:5)`],
  [undefined, undefined],
])("line %s of %j", (line, stack) => {
  expect(lineIn(stack, MODULE)).toBe(line);
});
