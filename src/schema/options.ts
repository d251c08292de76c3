import { literal } from "../sql/tag.ts";

/** `name=value`, as in pg_class.reloptions, with the value quoted. */
function assignment(option: string): string {
  const at = option.indexOf("=");
  const value = option.slice(at + 1);
  return `${option.slice(0, at)}=${/^[a-z0-9_.]+$/i.test(value) ? value : literal(value).trim()}`;
}

const nameOf = (option: string): string => option.slice(0, option.indexOf("="));

/** Storage parameters as a list in parentheses, e.g. `(fillfactor=70)`. */
export const optionList = (options: readonly string[]): string => `(${options.map(assignment).join(", ")})`;

/** A WITH clause; nothing without options. */
export const withOptions = (options: readonly string[]): string =>
  options.length === 0 ? "" : `with ${optionList(options)}`;

/** Actions of ALTER TABLE and the like that lead from some storage parameters to others. */
export function changedOptions(from: readonly string[], to: readonly string[]): string[] {
  const kept = new Set(to.map(nameOf));
  const gone = from.map(nameOf).filter((name) => !kept.has(name));
  const set = to.filter((option) => !from.includes(option));
  return [
    ...(gone.length > 0 ? [`reset (${gone.join(", ")})`] : []),
    ...(set.length > 0 ? [`set ${optionList(set)}`] : []),
  ];
}
