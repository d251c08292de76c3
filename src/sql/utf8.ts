/** UTF-16 units between two remembered byte offsets of a text that is not ASCII. */
const STRIDE = 1024;

const unitBytes = (code: number): number => {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code >= 0xd800 && code <= 0xdfff ? 2 : 3; // each half of a surrogate pair stands for two of four bytes
};

/** Turns UTF-8 byte offsets of `text` into UTF-16 indices; costs one pass when the text is not ASCII, else none. */
export function byteToIndex(text: string): (byte: number) => number {
  if (Buffer.byteLength(text) === text.length) return (byte) => byte;
  const marks: number[] = [];
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    if (index % STRIDE === 0) marks.push(bytes);
    bytes += unitBytes(text.charCodeAt(index));
  }
  return (byte) => {
    let [low, high] = [0, marks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (marks[middle]! <= byte) low = middle;
      else high = middle - 1;
    }
    let index = low * STRIDE;
    for (let at = marks[low]!; at < byte && index < text.length; index++)
      at += unitBytes(text.charCodeAt(index));
    return index;
  };
}

/** Turns a number of characters (code points) from the start of `text` into a UTF-16 index. */
export function characterToIndex(text: string, characters: number): number {
  let index = 0;
  for (let left = characters; left > 0 && index < text.length; left--) {
    index += text.codePointAt(index)! > 0xffff ? 2 : 1;
  }
  return index;
}
