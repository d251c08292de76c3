import type { Log } from "../../src/base/log.ts";

/** A log that keeps its lines; those of `warn` begin with `warning: `. */
export function testLog(): Log & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  return {
    lines,
    info: (line) => void lines.push(line),
    warn: (line) => void lines.push(`warning: ${line}`),
  };
}
