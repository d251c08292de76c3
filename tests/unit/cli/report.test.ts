import { expect, test } from "vitest";
import { ConfitureError } from "../../../src/base/errors.ts";
import { reportError } from "../../../src/cli/report.ts";

async function report(error: unknown, format: "text" | "json") {
  let [out, err] = ["", ""];
  const io = {
    cwd: ".",
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
  };
  const exit = await reportError(error, format, { io });
  return { exit, out, err };
}

test("a defect keeps its stack on stderr and is INTERNAL_ERROR for machines", async () => {
  const { exit, out, err } = await report(new TypeError("boom"), "json");
  expect(exit).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: "INTERNAL_ERROR", message: "boom" } });
  expect(err).toContain("report.test.ts");
});

test("a known error is told with place, pointer and remedy, on stderr only", async () => {
  const context = { file: "a.sql", line: 3, pointer: "3 | creat\n  | ^", actionable: "Do this." };
  const { exit, out, err } = await report(
    new ConfitureError("MIGR_108", "a.sql does not parse", context),
    "text",
  );
  expect([exit, out]).toEqual([3, ""]);
  expect(err).toBe("error MIGR_108: a.sql does not parse\n  at a.sql:3\n  3 | creat\n    | ^\n  Do this.\n");
});
