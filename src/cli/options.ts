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
  /** The flag may stand alone; an array is then given, but empty. */
  readonly bare?: boolean;
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
  const { description = "", default: byDefault, bare } = property;
  const told =
    byDefault === undefined
      ? description
      : `${description} (default: ${JSON.stringify(byDefault).replaceAll('"', "")})`;
  const shown = bare ? value.replace("<", "[").replace(">", "]") : value;
  const option = new Option(`${letter}--${kebab(name)}${shown}`, told);
  // commander would keep `--no-x` and `--x` under one name, where the last one typed hides the other.
  option.negate = false;
  if (property.enum) option.choices(property.enum);
  if (property.type === "array") {
    option.argParser((word: string, before: string[] | undefined) => [
      ...(before ?? []),
      ...(bare && word === "" ? [] : [word]),
    ]);
    if (bare) option.preset("");
  }
  return option;
}

/** Typed options from what commander read; throws CONFIG_008 naming every wrong flag. */
export function parseOptions<O extends z.ZodObject>(
  command: Command<O>,
  raw: Readonly<Record<string, unknown>>,
): z.infer<O> {
  refuseOpposites(raw);
  const parsed = command.options.safeParse(raw);
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

/** `--x` and `--no-x` together say nothing that could be obeyed. */
function refuseOpposites(raw: Readonly<Record<string, unknown>>): void {
  const opposed = Object.keys(raw).find((name) => opposite(name) in raw);
  if (opposed === undefined) return;
  const [flag, other] = [opposed, opposite(opposed)].map((name) => `--${kebab(name)}`);
  throw new ConfitureError("CONFIG_008", `${flag} and ${other} exclude each other`);
}

const opposite = (name: string): string => `no${name[0]!.toUpperCase()}${name.slice(1)}`;
