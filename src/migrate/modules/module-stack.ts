import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Line of the innermost frame that stands in `file`; undefined when the stack does not pass through it. */
export function lineIn(stack: string | undefined, file: string): number | undefined {
  const names = namesOf(file);
  for (const frame of stack?.split("\n") ?? []) {
    for (const name of names) {
      const at = frame.indexOf(`${name}:`);
      const isWhole = at === 0 || " (".includes(frame[at - 1] ?? "no");
      const line = isWhole ? /^\d+/.exec(frame.slice(at + name.length + 1))?.[0] : undefined;
      if (line !== undefined) return Number(line);
    }
  }
  return undefined;
}

/** A path as frames show it: as it was given or with links followed, as a path or as a URL. */
function namesOf(file: string): readonly string[] {
  const path = resolve(file);
  let real = path;
  try {
    real = realpathSync(path);
  } catch {
    // A file that is gone has the name it had.
  }
  return [path, real].flatMap((name) => [name, pathToFileURL(name).href]);
}
