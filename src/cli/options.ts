import { Option } from "commander";
import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import type { Command } from "./command.ts";

// Compiled validators pay off after thousands of calls; a command makes a few.
z.config({ jitless: true });

const kebab = (name: string) => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

interface Property {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: object;
  readonly description?: string;
  readonly default?: unknown;
  readonly short?: string;
}

const propertiesOf = (options: z.ZodObject): Record<string, Property> =>
  z.toJSONSchema(options, { io: "input", unrepresentable: "any" }).properties as Record<string, Property>;

/** The flags of a command, derived from its zod options. */
export function flagsOf(command: Command): Option[] {
  const positional = new Set(command.arguments?.map((a) => a.name));
  return Object.entries(propertiesOf(command.options))
    .filter(([name]) => !positional.has(name))
    .map(([name, property]) => flagOf(name, property));
}

function flagOf(name: string, property: Property): Option {
  const letter = property.short ? `-${property.short}, ` : "";
  const value =
    property.type === "boolean"
      ? ""
      : ` <${property.type === "integer" ? "number" : (property.type ?? "value")}>`;
  const { description = "", default: byDefault } = property;
  const told =
    byDefault === undefined
      ? description
      : `${description} (default: ${JSON.stringify(byDefault).replaceAll('"', "")})`;
  const option = new Option(`${letter}--${kebab(name)}${value}`, told);
  if (property.enum) option.choices(property.enum);
  if (property.type === "array") {
    option.argParser((word: string, before: string[] | undefined) => [...(before ?? []), word]);
  }
  return option;
}

/** Typed options from what commander read; throws CONFIG_008 naming every wrong flag. */
export function parseOptions<O extends z.ZodObject>(
  command: Command<O>,
  raw: Readonly<Record<string, unknown>>,
): z.infer<O> {
  const parsed = command.options.safeParse(positiveAndNegative(command.options, raw));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const key = String(issue.path[0]);
    const positional = command.arguments?.some((a) => a.name === key);
    return `${positional ? `<${kebab(key)}>` : `--${kebab(key)}`}: ${problemOf(issue, raw[key])}`;
  });
  throw new ConfitureError("CONFIG_008", problems.join("; "), { details: { problems } });
}

/** In the words of whoever typed it. */
function problemOf(issue: z.core.$ZodIssue, given: unknown): string {
  if (issue.code === "too_small") return `${String(given)} is less than ${String(issue.minimum)}`;
  if (issue.code === "invalid_type" && ["int", "number"].includes(issue.expected))
    return `${String(given)} is no ${issue.expected === "int" ? "whole " : ""}number`;
  return issue.message;
}

/** commander reports `--no-x` as `x: false` (and `x: true` when absent); our options say `noX: true`. */
function positiveAndNegative(options: z.ZodObject, raw: Readonly<Record<string, unknown>>) {
  const given: Record<string, unknown> = { ...raw };
  for (const key of Object.keys(options.shape)) {
    const rest = /^no([A-Z].*)$/.exec(key)?.[1];
    if (rest === undefined) continue;
    const name = rest[0]!.toLowerCase() + rest.slice(1);
    if (given[name] === false) given[key] = true;
    if (typeof given[name] === "boolean" && (given[name] === false || !(name in options.shape)))
      delete given[name];
  }
  return given;
}
