import { sha256 } from "../../base/hash.ts";

const PREFIX = "sandbox_";
const HASH_LENGTH = 10;
/** Of PostgreSQL, which cuts longer names without an error that stops anything. */
const MAX_BYTES = 63;
const MAX_SLUG = MAX_BYTES - PREFIX.length - HASH_LENGTH - 1;

/** Whom a sandbox is for; the nonce tells several for the same one apart. */
export interface NameParts {
  readonly intent: string | null;
  readonly agent: string | null;
  readonly nonce: string;
}

/** `sandbox_<intent, else agent>_<hash>` of at most 63 bytes: what is cut off the first part still counts in the hash. */
export function sandboxName(parts: NameParts): string {
  const slug = slugOf(parts.intent ?? "") || slugOf(parts.agent ?? "") || "agent";
  const hash = sha256(JSON.stringify([parts.intent, parts.agent, parts.nonce])).slice(0, HASH_LENGTH);
  return `${PREFIX}${slug}_${hash}`;
}

/** What needs no quotes in any shell or SQL. */
const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replace(/^_/, "")
    .slice(0, MAX_SLUG)
    .replace(/_$/, "");
