import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { ConfitureError } from "../base/errors.ts";
import { sha256 } from "../base/hash.ts";

/** Why a request is turned away, as HTTP says it. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly reason: string;
}

const MIN_TOKEN_LENGTH = 16;

/** Throws MCP_001 for a token that could be guessed, or for an address that others can reach without any. */
export function requireToken(host: string, token: string | undefined): void {
  if (token !== undefined && token.length < MIN_TOKEN_LENGTH)
    throw new ConfitureError("MCP_001", `CONFITURE_MCP_TOKEN has less than ${MIN_TOKEN_LENGTH} characters`, {
      actionable: "Set it to random characters, e.g. from `openssl rand -base64 24`.",
    });
  if (token === undefined && !isLoopback(host))
    throw new ConfitureError("MCP_001", `${host} can be reached from other machines, and there is no token`, {
      actionable: "Set CONFITURE_MCP_TOKEN to at least 16 random characters, or leave out --host.",
    });
}

/**
 * Whoever shows the token may call. Without a token only this machine may, by a name of its own: a page in a browser
 * that had a foreign name resolved to 127.0.0.1 says that name as Host, and its own as Origin.
 */
export function refusalOf(headers: IncomingHttpHeaders, token: string | undefined): Refusal | undefined {
  if (token !== undefined) {
    const isKnown = same(headers.authorization ?? "", `Bearer ${token}`);
    return isKnown ? undefined : { status: 401, reason: "a bearer token is needed, and this is not it" };
  }
  if (!isLoopback(hostOf(`http://${headers.host ?? ""}`)))
    return { status: 403, reason: "the Host header names no address of this machine alone" };
  if (headers.origin !== undefined && !isLoopback(hostOf(headers.origin)))
    return { status: 403, reason: "the Origin header names another place than this machine" };
  return undefined;
}

/** Hashes have one length, so the comparison tells neither length nor content. */
const same = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(sha256(one)), Buffer.from(sha256(other)));

const isLoopback = (host: string | undefined): boolean =>
  host !== undefined && /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);

/** Undefined for what is no URL, such as the origin `null`. */
function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
