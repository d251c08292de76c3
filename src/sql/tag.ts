import { RESERVED_WORDS } from "./reserved-words.ts";

/** An SQL text with its parameters; the only thing `pg/` runs. */
export interface Sql {
  readonly text: string;
  readonly values: readonly unknown[];
}

const isSql = (x: unknown): x is Sql => typeof x === "object" && x !== null && "text" in x && "values" in x;

/** Interpolated `Sql` is spliced in place; anything else becomes a parameter. */
export function sql(parts: TemplateStringsArray, ...args: readonly unknown[]): Sql {
  const values: unknown[] = [];
  let text = parts[0] ?? "";
  args.forEach((arg, i) => {
    if (isSql(arg)) {
      const shift = values.length;
      text += arg.text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + shift}`);
      values.push(...arg.values);
    } else {
      values.push(arg);
      text += `$${values.length}`;
    }
    text += parts[i + 1] ?? "";
  });
  return { text, values };
}

/** The one door for SQL that is text already: migration files and generated statements. */
sql.raw = (text: string): Sql => ({ text, values: [] });

/** Quote one identifier, or a dotted path of them, only where PostgreSQL needs it. */
export const ident = (...path: readonly string[]): string =>
  path
    .map((p) =>
      /^[a-z_][a-z0-9_$]*$/.test(p) && !RESERVED_WORDS.has(p) ? p : `"${p.replaceAll('"', '""')}"`,
    )
    .join(".");

/** A quoted identifier as an `Sql` fragment. */
export const identSql = (...path: readonly string[]): Sql => sql.raw(ident(...path));

/** Quote a string literal; safe whatever standard_conforming_strings says. */
export const literal = (value: string): string => {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes("\\") ? ` E${quoted.replaceAll("\\", "\\\\")}` : quoted;
};
