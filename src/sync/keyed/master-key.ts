import { createHash, hkdfSync } from "node:crypto";
import { ConfitureError } from "../../base/errors.ts";

/** The secret that every replacement depends on; it is never stored or shown. */
export interface MasterKey {
  /** Tells keys apart without telling anything of them. */
  readonly id: string;
  /** 16 bytes for one purpose in one identity domain (HKDF-SHA256, RFC 5869). */
  derive(domain: string, purpose: "draw" | "permute"): Uint8Array;
  /** A copy of what `keyOfSecret` makes the key of again in another thread; for nothing else. */
  secret(): Uint8Array<ArrayBuffer>;
}

/** Environment variable that holds the key. */
const KEY_VARIABLE = "CONFITURE_SYNC_KEY";

const MIN_LENGTH = 16;

/** The key of a text of at least 16 characters; throws ANON_1402 when there is none, or a shorter one. */
export function masterKey(text: string | undefined): MasterKey {
  if (!text) throw new ConfitureError("ANON_1402", `${KEY_VARIABLE} is not set`);
  if (text.length < MIN_LENGTH) {
    throw new ConfitureError("ANON_1402", `${KEY_VARIABLE} has less than ${MIN_LENGTH} characters`);
  }
  return keyOfSecret(createHash("sha256").update(text, "utf8").digest());
}

/** The key that gave this secret. */
export function keyOfSecret(secret: Uint8Array): MasterKey {
  const expand = (info: string, length: number) =>
    new Uint8Array(hkdfSync("sha256", secret, "", `confiture sync 1\0${info}`, length));
  return {
    id: Buffer.from(expand("id", 6)).toString("hex"),
    derive: (domain, purpose) => expand(`${purpose}\0${domain}`, 16),
    secret: () => new Uint8Array(secret),
  };
}
