import { existsSync, readFileSync, statSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";
import type { ConnectionOptions, SecureVersion } from "node:tls";
import { ConfitureError } from "../base/errors.ts";

/** How to try a connection: with these TLS options, or in plain text. */
export type Encryption = ConnectionOptions | false;

type Parameters = ReadonlyMap<string, string>;

const PROTOCOLS: readonly SecureVersion[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/**
 * What `sslmode` means, in the order to try; the default is libpq's `prefer`. Throws CONFIG_003.
 * As in libpq, `require` verifies the certificate when a root certificate is there, and `verify-*` need one:
 * `sslrootcert`, `~/.postgresql/root.crt`, or `sslrootcert=system` for the certificates Node trusts.
 */
export function encryptionsOf(parameters: Parameters, home: string | undefined): readonly Encryption[] {
  const system = parameters.get("sslrootcert") === "system";
  const mode = parameters.get("sslmode") || (system ? "verify-full" : "prefer");
  if (system && mode !== "verify-full")
    throw refused(`sslrootcert=system needs sslmode=verify-full, not ${mode}`);
  switch (mode) {
    case "disable":
      return [false];
    case "allow":
      return [false, readOptions(parameters, home, "encrypt")];
    case "prefer":
      return [readOptions(parameters, home, "encrypt"), false];
    case "require":
      return [readOptions(parameters, home, "encrypt")];
    case "verify-ca":
    case "verify-full":
      return [readOptions(parameters, home, mode)];
    default:
      throw refused("sslmode must be disable, allow, prefer, require, verify-ca or verify-full");
  }
}

const refused = (problem: string): ConfitureError => new ConfitureError("CONFIG_003", problem);

function readOptions(
  parameters: Parameters,
  home: string | undefined,
  mode: "encrypt" | "verify-ca" | "verify-full",
): ConnectionOptions {
  const file = (name: string, fallback: string) => readPem(parameters.get(name), home, fallback);
  const ca = parameters.get("sslrootcert") === "system" ? undefined : file("sslrootcert", "root.crt");
  if (mode !== "encrypt" && ca === undefined && parameters.get("sslrootcert") !== "system") {
    throw new ConfitureError("CONFIG_003", `sslmode=${mode} needs a root certificate, and there is none`, {
      actionable: "Give sslrootcert=FILE, or sslrootcert=system to trust the public certificate authorities.",
    });
  }
  const cert = file("sslcert", "postgresql.crt");
  const key = cert === undefined ? undefined : file("sslkey", "postgresql.key");
  const crl = file("sslcrl", "root.crl");
  const minVersion = protocol(parameters, "ssl_min_protocol_version") ?? "TLSv1.2";
  const maxVersion = protocol(parameters, "ssl_max_protocol_version");
  const passphrase = parameters.get("sslpassword");
  return {
    minVersion,
    rejectUnauthorized: mode !== "encrypt" || ca !== undefined,
    ...(maxVersion && { maxVersion }),
    ...(ca && { ca }),
    ...(ca && crl && { crl }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(passphrase && { passphrase }),
    ...(mode !== "verify-full" && { checkServerIdentity: () => undefined }),
  };
}

function protocol(parameters: Parameters, name: string): SecureVersion | undefined {
  const value = parameters.get(name);
  if (!value) return undefined;
  const found = PROTOCOLS.find((version) => version.toLowerCase() === value.toLowerCase());
  if (found === undefined) throw refused(`${name} must be one of ${PROTOCOLS.join(", ")}`);
  return found;
}

/** A named file must exist; `~/.postgresql/` is only looked into. */
function readPem(named: string | undefined, home: string | undefined, fallback: string): string | undefined {
  const file = named || (home === undefined ? undefined : join(home, ".postgresql", fallback));
  if (file === undefined || !existsSync(file)) {
    if (named) throw refused(`the file ${named} does not exist`);
    return undefined;
  }
  // libpq: a key of one's own may be read by nobody else, a key of root by a group.
  const forbidden = statSync(file).uid === 0 ? 0o027 : 0o077;
  if (fallback.endsWith(".key") && platform() !== "win32" && (statSync(file).mode & forbidden) !== 0) {
    throw new ConfitureError("CONFIG_003", `the private key ${file} can be read by others`, {
      actionable: `Run: chmod 600 ${file}`,
    });
  }
  return readFileSync(file, "utf8");
}
