import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfitureError } from "../base/errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The connection parameters of a service, from PGSERVICEFILE or `~/.pg_service.conf`, else from PGSYSCONFDIR.
 * Throws CONFIG_003 when no file defines it.
 */
export function readService(name: string, environment: Environment): ReadonlyMap<string, string> {
  const home = environment["HOME"] ?? environment["USERPROFILE"];
  const named = environment["PGSERVICEFILE"];
  const folder = environment["PGSYSCONFDIR"];
  if (named !== undefined && !existsSync(named)) {
    throw new ConfitureError("CONFIG_003", `the service file ${named} (PGSERVICEFILE) does not exist`);
  }
  const files = [
    named ?? (home === undefined ? undefined : join(home, ".pg_service.conf")),
    folder === undefined ? undefined : join(folder, "pg_service.conf"),
  ].filter((file) => file !== undefined && existsSync(file));
  for (const file of files) {
    const found = readSection(file ?? "", name);
    if (found !== undefined) return found;
  }
  throw new ConfitureError("CONFIG_003", `the service ${name} is not defined in any service file`, {
    details: { service: name, files },
    actionable: "Add it to ~/.pg_service.conf, or point PGSERVICEFILE at the file that has it.",
  });
}

/** The first section of that name decides, as in libpq; undefined when there is none. */
function readSection(file: string, name: string): Map<string, string> | undefined {
  let section: Map<string, string> | undefined;
  for (const [index, raw] of readFileSync(file, "utf8").split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      if (section !== undefined) return section;
      if (line === `[${name}]`) section = new Map();
      continue;
    }
    if (section === undefined) continue;
    const equals = line.indexOf("=");
    if (equals < 1 || line.startsWith("service=")) {
      throw new ConfitureError("CONFIG_003", `the service file is not valid at line ${index + 1}`, {
        file,
        line: index + 1,
      });
    }
    section.set(line.slice(0, equals), line.slice(equals + 1));
  }
  return section;
}
