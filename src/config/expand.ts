import type { Path } from "../base/key-path.ts";

/** Named strings, usually the environment of the process. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A reference that could not be expanded, and where it stands. */
interface ExpansionFailure {
  readonly path: Path;
  readonly message: string;
}

export interface Expanded {
  readonly value: unknown;
  readonly failures: readonly ExpansionFailure[];
}

/**
 * Replaces `${UPPER_CASE}` in every string below `value`, keys excepted; what comes out of a variable is not
 * looked at again, and every other `$` is literal. A string with a failing reference is kept as it stands.
 */
export function expandVariables(value: unknown, variables: Variables, path: Path = []): Expanded {
  if (typeof value === "string") return expandString(value, variables, path);
  if (typeof value !== "object" || value === null) return { value, failures: [] };
  const parts: [string | number, Expanded][] = Array.isArray(value)
    ? value.map((item, index) => [index, expandVariables(item, variables, [...path, index])])
    : Object.entries(value).map(([key, item]) => [key, expandVariables(item, variables, [...path, key])]);
  const values = parts.map(([key, part]) => [key, part.value] as const);
  return {
    value: Array.isArray(value) ? values.map(([, item]) => item) : Object.fromEntries(values),
    failures: parts.flatMap(([, part]) => part.failures),
  };
}

function expandString(text: string, variables: Variables, path: Path): Expanded {
  const failures: ExpansionFailure[] = [];
  const value = text.replaceAll(/\$\{([A-Z_][A-Z0-9_]*)\}|\$\{([^}]*)(\}?)/g, (whole, name, other, end) => {
    if (name === undefined) failures.push({ path, message: malformed(other, end === "}") });
    else if (!variables[name])
      failures.push({ path, message: `needs \${${name}}, which is ${absence(variables[name])}` });
    else return variables[name];
    return whole;
  });
  return failures.length > 0 ? { value: text, failures } : { value, failures };
}

const absence = (value: string | undefined) => (value === undefined ? "not set" : "empty");

/** Quotes no more of the reference than a name: the rest of an unclosed one or a default may be a secret. */
function malformed(inside: string, closed: boolean): string {
  if (inside.includes("${")) return "has a ${…} inside a ${…}, which is not expanded";
  if (!closed) return "has a ${ that is never closed";
  const [name = ""] = /^\w*/.exec(inside) ?? [];
  if (/^[A-Z_][A-Z0-9_]*$/.test(name))
    return `has \${${name}…}: defaults and other operators are not supported`;
  return "has a ${…} whose name is not in UPPER_CASE";
}
