import { branches, type KeySchema } from "../base/key-schema.ts";
import type { Path } from "../base/key-path.ts";

/** Names a mapping at this path may have as keys. */
export function keysAt(schema: KeySchema, path: Path): string[] {
  const [part, ...rest] = path;
  if (part === undefined) return branches(schema).flatMap((branch) => Object.keys(branch.properties ?? {}));
  return branches(schema).flatMap((branch) => {
    const more = typeof branch.additionalProperties === "object" ? branch.additionalProperties : undefined;
    const child = typeof part === "number" ? branch.items : (branch.properties?.[part] ?? more);
    return child === undefined ? [] : keysAt(child, rest);
  });
}
