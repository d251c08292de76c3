import { join } from "node:path";
import { expect, test } from "vitest";
import { readYamlFile } from "../../../src/config/yaml-file.ts";
import { failure, project } from "./project.ts";

async function read(yaml: string) {
  const folder = await project({ "a.yaml": yaml });
  return await readYamlFile(join(folder, "a.yaml"), "a.yaml");
}

test("a syntax error has line and pointer, and values are masked", async () => {
  const { code, context } = await failure(read("name: x\nbuild:\n\tlint: on-7\n"));
  expect(code).toBe("CONFIG_002");
  expect(context.line).toBe(3);
  expect(context.pointer).toBe("3 | \tlint: **-*\n  | ^");
});

test("a key given twice is named", async () => {
  const { message, context } = await failure(read("a: 1\nb:\n  c: 1\n  c: 2\n"));
  expect(message).toBe("c is given twice");
  expect(context).toMatchObject({ line: 4, details: { problems: [{ key: "c", line: 4 }] } });
});

test.each([
  ["- a\n- b\n", "the file is not a mapping of keys to values"],
  ["just text", "the file is not a mapping of keys to values"],
  ["a: !secret x", "tags are not supported; quote a value that begins with !"],
  ["a: 1\n---\nb: 2\n", expect.stringContaining("multiple documents")],
  ["a: *nothing", "unresolved alias (the anchor must be set before the alias)"],
])("%j is refused", async (yaml, message) => {
  expect(await failure(read(yaml))).toMatchObject({ code: "CONFIG_002", message });
});

test("a small file that unfolds without end is refused", async () => {
  const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}]`);
  expect((await failure(read(`l0: &l0 [x]\n${levels.join("\n")}\n`))).code).toBe("CONFIG_002");
});

test("lineOf finds keys, entries, aliases, and the innermost part that is there", async () => {
  const file = await read("\na:\n  - x\n  - b: 1\n    c: 2\nd: &d\n  e: 1\nf: *d\n");
  expect(file.lineOf(["a"])).toBe(2);
  expect(file.lineOf(["a", 0])).toBe(3);
  expect(file.lineOf(["a", 1, "c"])).toBe(5);
  expect(file.lineOf(["a", 1, "zzz"])).toBe(4);
  expect(file.lineOf(["f", "e"])).toBe(7);
  expect(file.lineOf(["zzz"])).toBe(1);
});
