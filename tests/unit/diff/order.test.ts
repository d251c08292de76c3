import { expect, test } from "vitest";
import { inOrder } from "../../../src/diff/order.ts";
import type { Task } from "../../../src/diff/tasks.ts";
import { KINDS } from "../../../src/schema/kinds/index.ts";

const [kind] = KINDS;

const task = (name: string): Task => ({
  act: "create",
  object: { id: name, kind: kind!, kindIndex: 0, row: { name } },
  after: new Set(),
  host: null,
  parts: [],
});

const ids = (tasks: readonly Task[]) => tasks.map(({ object }) => object.id);

test("what must be done before comes before, else the order is that of the names", () => {
  const [a, b, c] = [task("a"), task("b"), task("c")];
  a.after.add(c);
  expect(ids(inOrder([a, b, c]))).toEqual(["c", "a", "b"]);
});

test("a part that would close a circle is done by itself", () => {
  const [table, column, func] = [task("table"), task("column"), task("func")];
  column.host = table;
  table.parts.push(column);
  func.after.add(table);
  column.after.add(func).add(table);
  expect(ids(inOrder([table, column, func]))).toEqual(["table", "func", "column"]);
});

test("a circle of whole objects is an error that names them", () => {
  const [a, b] = [task("a"), task("b")];
  a.after.add(b);
  b.after.add(a);
  expect(() => inOrder([a, b])).toThrowError(
    expect.objectContaining({ code: "DIFFER_405", message: expect.stringContaining("create a") }),
  );
});
