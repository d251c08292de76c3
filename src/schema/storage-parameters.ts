import { literal } from "../sql/tag.ts";

/** `name=value`, as in pg_class.reloptions, for SET and WITH. */
const assigned = (option: string): string => {
  const at = option.indexOf("=");
  return `${option.slice(0, at)} = ${literal(option.slice(at + 1)).trimStart()}`;
};

const nameOf = (option: string): string => option.slice(0, option.indexOf("="));

/** As WITH (…) names them, with a space before it; nothing when there are none. */
export const withParameters = (options: readonly string[]): string =>
  options.length === 0 ? "" : ` with (${options.map(assigned).join(", ")})`;

/** What ALTER … SET (…) and RESET (…) must say, at most one of each. */
export function parameterChanges(to: readonly string[], from: readonly string[]): string[] {
  const names = new Set(to.map(nameOf));
  const set = to.filter((option) => !from.includes(option)).map(assigned);
  const reset = from.map(nameOf).filter((name) => !names.has(name));
  return [
    set.length === 0 ? [] : `set (${set.join(", ")})`,
    reset.length === 0 ? [] : `reset (${reset.join(", ")})`,
  ].flat();
}
