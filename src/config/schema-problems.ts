import * as z from "zod";
import { dotted, type Path } from "../base/key-path.ts";
import type { KeySchema } from "../base/key-schema.ts";
import { nearest } from "../base/nearest.ts";
import type { Problem } from "./problem.ts";
import { keysAt } from "./schema-keys.ts";

/** Keys that had another place or name, and where their meaning is now. */
const MOVED: Readonly<Record<string, string>> = {
  migration_table: "migration.tracking_table",
  "hooks.after_execute": "hooks.after_migration",
  "hooks.before_execute": "hooks.before_migration",
  "notifications.hooks": "notifications.webhooks or notifications.smtp",
  "notifications.smtp.username": "notifications.smtp.user",
};

interface Source {
  readonly schema: z.ZodType;
  readonly value: unknown;
  readonly lineOf: (path: Path) => number;
}

/** What zod found, in words that name keys and types but repeat no value. */
export function schemaProblems(issues: readonly z.core.$ZodIssue[], source: Source): Problem[] {
  return issues.flatMap((issue) => problemsOf(issue, [], source));
}

function problemsOf(issue: z.core.$ZodIssue, base: Path, source: Source): Problem[] {
  const path = [...base, ...(issue.path as Path)];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey([...path, key], source));
  }
  if (issue.code === "invalid_union") {
    const branch = issue.errors.filter((errors) => !errors.some(isWrongType));
    if (branch[0] !== undefined && branch.length === 1) {
      return branch[0].flatMap((inner) => problemsOf(inner, path, source));
    }
  }
  const key = dotted(path);
  const found = valueAt(source.value, path);
  const line = source.lineOf(path);
  if (found === undefined) return [{ code: "CONFIG_001", key, line, message: `${key} is missing` }];
  const code = codeOf(issue);
  const message = `${key}${code === "CONFIG_003" ? ":" : ""} ${wrongness(issue, found)}`;
  return [{ code, key, line, message }];
}

/** The branch of a union was not meant: the value is of another type, or another fixed word. */
const isWrongType = (issue: z.core.$ZodIssue) =>
  issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value");

const codeOf = (issue: z.core.$ZodIssue): Problem["code"] =>
  issue.code === "custom" && issue.params?.["code"] === "CONFIG_003" ? "CONFIG_003" : "CONFIG_002";

function wrongness(issue: z.core.$ZodIssue, found: unknown): string {
  if (found === null) return "has no value";
  if (issue.code === "invalid_type")
    return `must be ${typeName(issue.expected)}, not ${typeName(typeOf(found))}`;
  if (issue.code === "invalid_value") return `must be ${issue.values.map(String).join(" or ")}`;
  if (issue.code === "invalid_union") {
    return `must be ${[...new Set(issue.errors.flat().flatMap(alternative))].join(" or ")}`;
  }
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? "is not a valid name";
  if (issue.code === "too_small")
    return issue.origin === "string" ? "is empty" : `must be at least ${issue.minimum}`;
  return issue.code === "too_big" ? `must be at most ${issue.maximum}` : issue.message;
}

/** What one branch of a union asks for. */
function alternative(issue: z.core.$ZodIssue): string[] {
  if (issue.path.length > 0) return [];
  if (issue.code === "invalid_value") return issue.values.map(String);
  return issue.code === "invalid_type" ? [typeName(issue.expected)] : [issue.message];
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return value === null ? "null" : typeof value;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  null: "empty",
  number: "a number",
  object: "a mapping",
  record: "a mapping",
  string: "text",
};

const typeName = (type: string) => TYPE_NAMES[type] ?? type;

function unknownKey(path: Path, source: Source): Problem {
  const key = dotted(path);
  const name = String(path.at(-1));
  const moved = MOVED[key];
  const schema = z.toJSONSchema(source.schema, { io: "input", unrepresentable: "any" }) as KeySchema;
  const near = nearest(name, keysAt(schema, path.slice(0, -1)));
  const advice =
    moved !== undefined ? `; write ${moved} instead` : near !== undefined ? `; did you mean ${near}?` : "";
  return {
    code: "CONFIG_002",
    key,
    line: source.lineOf(path),
    message: `${key} is not a known key${advice}`,
  };
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, part) => (typeof at === "object" && at !== null ? Reflect.get(at, part) : undefined),
    value,
  );
}
