import { expect, test } from "vitest";
import { inOrder, type SortMode } from "../../../src/build/order.ts";

const sorted = (names: string[], mode: SortMode = "alphabetical") =>
  inOrder(
    names.map((name) => ({ path: `/p/${name}`, name, below: name.split("/") })),
    mode,
  ).map((file) => file.name);

test("components compare by number, then by name; without a number they come last", () => {
  expect(sorted(["100_z/a.sql", "20_b/9_x.sql", "20_b/10_y.sql", "views/a.sql", "Zed.sql", "5.sql"])).toEqual(
    ["5.sql", "20_b/9_x.sql", "20_b/10_y.sql", "100_z/a.sql", "Zed.sql", "views/a.sql"],
  );
});

test("hex mode reads prefixes base sixteen, folders first", () => {
  const files = ["0A_t/01_a.sql", "05_z/02_b.sql", "10_x.sql", "0x0B_y.sql"];
  expect(sorted(files, "hex")).toEqual(["05_z/02_b.sql", "0A_t/01_a.sql", "0x0B_y.sql", "10_x.sql"]);
});
