import { ConfitureError } from "../base/errors.ts";

/** The major version of a `server_version_num`, e.g. 18 of 180004; throws CONFIG_011 outside 13 to 18. */
export function supportedMajor(version: number, server: string): number {
  const major = Math.floor(version / 10_000);
  if (major >= 13 && major <= 18) return major;
  throw new ConfitureError("CONFIG_011", `the server at ${server} is PostgreSQL ${major}`, {
    details: { server_version_num: version },
  });
}
