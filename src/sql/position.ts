/** A spot in a text; both numbers are 1-based, the column counts characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Line and column of a UTF-16 index. */
export function positionAt(text: string, index: number): Position {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < index; at = text.indexOf("\n", at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: Array.from(text.slice(start, index)).length + 1 };
}

/** The source line of a UTF-16 index, and a caret below the spot. */
export function pointerAt(text: string, index: number): string {
  const { line } = positionAt(text, index);
  const start = text.lastIndexOf("\n", index - 1) + 1;
  const end = text.indexOf("\n", index);
  const source = text.slice(start, end === -1 ? undefined : end).replace(/\r$/, "");
  const label = `${line} | `;
  const pad = text.slice(start, index).replace(/[^\t]/g, " ");
  return `${label}${source}\n${" ".repeat(label.length - 2)}| ${pad}^`;
}
