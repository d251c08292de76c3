import { isUtf8 } from "node:buffer";
import { ConfitureError, type ErrorCode } from "../base/errors.ts";

/** The text of a file, without its byte order mark; throws `code` naming the first byte that is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array, file: string, code: ErrorCode = "SCHEMA_205"): string {
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes);
  const offset = invalidByte(bytes);
  const line = bytes.subarray(0, offset).filter((byte) => byte === 10).length + 1;
  const value = bytes[offset]!.toString(16).padStart(2, "0");
  throw new ConfitureError(code, `${file} is not UTF-8: byte ${offset} (0x${value}) in line ${line}`, {
    file,
    line,
    details: { byte: offset },
  });
}

/** Offset of the first byte that is no part of a character; a replacement character that is written out is one. */
function invalidByte(bytes: Uint8Array): number {
  const decoded = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  for (let at = decoded.indexOf("\uFFFD"); ; at = decoded.indexOf("\uFFFD", at + 1)) {
    const offset = Buffer.byteLength(decoded.slice(0, at));
    const isWritten = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (!isWritten) return offset;
  }
}
