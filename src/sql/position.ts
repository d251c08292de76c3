/** A spot in a text; both numbers are 1-based, the column counts characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Line and column of a UTF-16 index. */
export const positionAt = (text: string, index: number): Position => positionReader(text)(index);

/** Reads positions of ascending indices, in one pass over the text for all of them. */
export function positionReader(text: string): (index: number) => Position {
  let line = 1;
  let start = 0;
  let newline = text.indexOf("\n");
  return (index) => {
    while (newline !== -1 && newline < index) {
      line++;
      start = newline + 1;
      newline = text.indexOf("\n", start);
    }
    return { line, column: Array.from(text.slice(start, index)).length + 1 };
  };
}

/** Characters shown before and after the spot of a very long line. */
const [BEFORE, AFTER] = [100, 60];

/** The source line of a UTF-16 index, and a caret below the spot; of a very long line, the part around it. */
export function pointerAt(text: string, index: number): string {
  const { line } = positionAt(text, index);
  const lineStart = index === 0 ? 0 : text.lastIndexOf("\n", index - 1) + 1;
  const newline = text.indexOf("\n", index);
  const start = Math.max(lineStart, index - BEFORE);
  const end = Math.min(newline === -1 ? text.length : newline, index + AFTER);
  const source = text.slice(start, end).replace(/\r$/, "");
  const label = `${line} | `;
  const pad = text.slice(start, index).replace(/[^\t]/gu, " ");
  return `${label}${source}\n${" ".repeat(label.length - 2)}| ${pad}^`;
}
