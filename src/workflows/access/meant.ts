import picomatch from "picomatch";
import type { Kind } from "../../schema/kind.ts";
import { KINDS } from "../../schema/kinds/index.ts";

/** As in fnmatch: `*`, `?` and `[…]`, in the case that is written. */
export const isMeant = (name: string, globs: readonly string[]): boolean =>
  globs.some((glob) =>
    picomatch.isMatch(name, glob, { bash: true, dot: true, nobrace: true, noextglob: true, nonegate: true }),
  );

/** The name that a bare or quoted identifier means. */
export const nameOf = (identifier: string): string =>
  identifier.startsWith('"') ? identifier.slice(1, -1).replaceAll('""', '"') : identifier.toLowerCase();

/** The kind in whose words owners or privileges of objects are told. */
export const accessKind = (environmental: Kind["environmental"]): Kind =>
  KINDS.find((kind) => kind.environmental === environmental && kind.catalog === "pg_shdepend")!;
