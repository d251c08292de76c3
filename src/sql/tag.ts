import { RESERVED_WORDS } from "./reserved-words.ts";

/** An SQL text with its parameters; the only thing `pg/` runs. */
export interface Sql {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The texts between the parameters of every `Sql` made here, so that splicing need not look for `$1` in a text. */
const GAPS = new WeakMap<object, readonly string[]>();

function make(gaps: readonly string[], values: readonly unknown[]): Sql {
  const made = { text: gaps.reduce((text, gap, i) => `${text}$${i}${gap}`), values };
  GAPS.set(made, gaps);
  return made;
}

/** Interpolated `Sql` made by this module is spliced in place; anything else, whatever its shape, becomes a parameter. */
export function sql(parts: TemplateStringsArray, ...args: readonly unknown[]): Sql {
  const values: unknown[] = [];
  const gaps = [parts[0] ?? ""];
  const append = (text: string) => gaps.push(`${gaps.pop() ?? ""}${text}`);
  args.forEach((arg, i) => {
    const spliced = typeof arg === "object" && arg !== null ? GAPS.get(arg) : undefined;
    if (spliced === undefined) {
      values.push(arg);
      gaps.push("");
    } else {
      append(spliced[0] ?? "");
      gaps.push(...spliced.slice(1));
      values.push(...(arg as Sql).values);
    }
    append(parts[i + 1] ?? "");
  });
  return make(gaps, values);
}

/** The one door for SQL that is text already: migration files and generated statements. */
sql.raw = (text: string): Sql => make([text], []);

/** Quote one identifier, or a dotted path of them, only where quote_identifier of PostgreSQL 13 to 18 would. */
export const ident = (...path: readonly string[]): string =>
  path
    .map((name) =>
      /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED_WORDS.has(name) ? name : `"${name.replaceAll('"', '""')}"`,
    )
    .join(".");

/** A quoted identifier as an `Sql` fragment. */
export const identSql = (...path: readonly string[]): Sql => sql.raw(ident(...path));

/** Quote a string literal; safe whatever standard_conforming_strings says. */
export const literal = (value: string): string => {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes("\\") ? ` E${quoted.replaceAll("\\", "\\\\")}` : quoted;
};
