import type { SchemaFile } from "../../build/discover.ts";
import { inOrder } from "../../build/order.ts";
import type { SchemaSource } from "../../build/sources.ts";
import type { Step } from "../../diff/plan.ts";
import { PREAMBLE } from "../../diff/script.ts";
import type { LinkedSnapshot } from "../../schema/snapshot.ts";
import { layOut } from "./lay-out.ts";
import { piecesOf } from "./pieces.ts";

const SETTINGS: SchemaSource = {
  file: "000_settings.sql",
  text: `-- Bodies of functions may use what later files make.\n${PREAMBLE};\n`,
};

/** Behind every folder. */
const REST = "9990_rest.sql";

/** The files of a schema in build order, named as they lie below its folder. */
export function treeOf(
  steps: readonly Step[],
  rest: readonly Step[],
  from: LinkedSnapshot,
  to: LinkedSnapshot,
): SchemaSource[] {
  const files = layOut(piecesOf(steps, from, to)).map(({ path, pieces }) => ({
    file: path,
    text: textOf(pieces.map(({ statements }) => statements)),
  }));
  if (steps.some((step) => step.holdsCode)) files.push(SETTINGS);
  if (rest.length > 0) files.push({ file: REST, text: textOf(rest.map((step) => [step.sql])) });
  return inBuildOrder(files);
}

/** Statements of one object stand together, and so do those that take a line each. */
function textOf(groups: readonly (readonly string[])[]): string {
  const parts = groups.map((statements) => statements.map((statement) => `${statement};\n`).join(""));
  const isLine = (part: string) => part.indexOf("\n") === part.length - 1;
  return parts
    .map((part, i) => (i === 0 || (isLine(part) && isLine(parts[i - 1]!)) ? part : `\n${part}`))
    .join("");
}

function inBuildOrder(files: readonly SchemaSource[]): SchemaSource[] {
  const byName = new Map(files.map((file) => [file.file, file]));
  const found = files.map(({ file }): SchemaFile => ({ path: file, name: file, below: file.split("/") }));
  return inOrder(found, "alphabetical").map(({ name }) => byName.get(name)!);
}
