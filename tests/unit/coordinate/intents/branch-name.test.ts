import { expect, test } from "vitest";
import { branchOf } from "../../../../src/coordinate/intents/branch-name.ts";

test.each([
  ["Add Tax", "feature/add_tax"],
  ["billing/invoices", "feature/billing_invoices"],
  ["a  b", "feature/a__b"],
  ["Größe ändern", "feature/größe_ändern"],
  ["v1.2-rc", "feature/v1.2-rc"],
  ["a..b", "feature/a.b"],
  ["x.lock", "feature/x"],
  ["..", "feature/change"],
  ["what? ~^:\\[*", "feature/what________"],
  ["x".repeat(300), `feature/${"x".repeat(200)}`],
])("%s becomes %s", (name, branch) => {
  expect(branchOf(name)).toBe(branch);
});
