import type { Script, Statement } from "../../src/sql/script.ts";
import { positionAt } from "../../src/sql/position.ts";

/** A script of statements given one by one, each `[kind, text]` or `[kind, text, copyData]`. */
export function scriptOf(file: string, parts: readonly (readonly [string, string, string?])[]): Script {
  let text = "-- start\n";
  const starts = parts.map(([, statement, copyData]) => {
    const start = text.length;
    text += `${statement};\n${copyData === undefined ? "" : `${copyData}\\.\n`}`;
    return start;
  });
  const statements = parts.map(([kind, statement, copyData], i): Statement => {
    const start = starts[i] ?? 0;
    const position = positionAt(text, start);
    return { kind, node: {}, text: statement, start, position, ...(copyData !== undefined && { copyData }) };
  });
  return { source: { file, text }, statements };
}
