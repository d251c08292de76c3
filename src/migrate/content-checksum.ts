import { sha256 } from "../base/hash.ts";

const [LF, CR] = [10, 13];

/** The hash of a migration file as the ledger keeps it: SHA-256 of its bytes, CRLF read as LF. */
export const contentChecksum = (bytes: Uint8Array): string => sha256(withLf(bytes));

/** Whether a recorded hash is that of these bytes, whichever line endings they have here and had where it was taken. */
export function isChecksumOf(recorded: string | null, bytes: Uint8Array): boolean {
  if (recorded === null) return false;
  const text = withLf(bytes);
  return (
    recorded === sha256(text) ||
    (text !== bytes && recorded === sha256(bytes)) ||
    recorded === sha256(withCrlf(text))
  );
}

/** The bytes themselves where there is nothing to change. */
function withLf(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(CR)) return bytes;
  const text = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== CR || bytes[at + 1] !== LF) text[length++] = bytes[at]!;
  }
  return text.subarray(0, length);
}

function withCrlf(bytes: Uint8Array): Uint8Array {
  const text = new Uint8Array(bytes.length * 2);
  let length = 0;
  for (const byte of bytes) {
    if (byte === LF) text[length++] = CR;
    text[length++] = byte;
  }
  return text.subarray(0, length);
}
