import { readFileSync } from "node:fs";
import { ConfitureError } from "../base/errors.ts";
import { contentChecksum } from "./content-checksum.ts";

/** Synchronous, because a thousand small reads take ten times as long through the thread pool; throws CONFIG_004. */
export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ConfitureError("CONFIG_004", `${file} cannot be read: ${(cause as Error).message}`, {
      file,
      cause,
    });
  }
}

/** The hash of a migration file as the ledger keeps it. */
export const checksumOf = (file: string): string => contentChecksum(readBytes(file));
