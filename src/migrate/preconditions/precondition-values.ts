import type * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { dotted, type Path } from "../../base/key-path.ts";
import { nearest } from "../../base/nearest.ts";
import { type Node, nodesOf, unwrap } from "../../sql/node.ts";
import { parseScript } from "../../sql/parse-script.ts";
import type { Script } from "../../sql/script.ts";
import { nullOf, type Precondition, PRECONDITION_TYPES } from "./precondition-types.ts";

/** What is wrong with a list of preconditions, and where in it. */
export interface PreconditionProblem {
  readonly path: Path;
  readonly message: string;
}

/** The preconditions that a value of a sidecar or a module gives, their SQL parsed; what is wrong goes to `problems`. */
export async function preconditionsOf(
  value: unknown,
  path: Path,
  problems: PreconditionProblem[],
): Promise<Precondition[]> {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    problems.push({ path, message: `${dotted(path)} must be a list` });
    return [];
  }
  const found: Precondition[] = [];
  for (const [i, one] of value.entries()) {
    const at = [...path, i];
    const read = readOne(one, at);
    const wrong = Array.isArray(read) ? read : await sqlProblems(read, at);
    problems.push(...wrong);
    if (!Array.isArray(read) && wrong.length === 0) found.push(read);
  }
  return found;
}

function readOne(value: unknown, path: Path): Precondition | PreconditionProblem[] {
  const key = dotted(path);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [{ path, message: `${key} must be a mapping with a type` }];
  }
  const { type, ...fields } = value as { readonly type?: unknown };
  if (typeof type !== "string") return [{ path, message: `${key} has no type` }];
  if (!Object.hasOwn(PRECONDITION_TYPES, type)) return [unknownType(type, path)];
  const known = PRECONDITION_TYPES[type as Precondition["type"]].fields;
  const parsed = known.safeParse(fields);
  if (parsed.success) return { type, ...parsed.data } as Precondition;
  return parsed.error.issues.flatMap((issue) => fieldProblems(issue, { path, type, fields, known }));
}

function unknownType(type: string, path: Path): PreconditionProblem {
  const near = nearest(type, Object.keys(PRECONDITION_TYPES));
  const advice = near === undefined ? "" : `; did you mean ${near}?`;
  return { path: [...path, "type"], message: `${dotted(path)}: there is no precondition ${type}${advice}` };
}

interface Fields {
  readonly path: Path;
  readonly type: string;
  readonly fields: object;
  readonly known: z.ZodObject;
}

function fieldProblems(
  issue: z.core.$ZodIssue,
  { path, type, fields, known }: Fields,
): PreconditionProblem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const near = nearest(key, Object.keys(known.shape));
      const advice = near === undefined ? "" : `; did you mean ${near}?`;
      return { path: [...path, key], message: `${dotted(path)}: ${type} has no ${key}${advice}` };
    });
  }
  const [field] = issue.path;
  const at = [...path, ...(issue.path as Path)];
  const missing = typeof field === "string" && !Object.hasOwn(fields, field);
  return [{ path: at, message: missing ? `${dotted(at)} is missing` : `${dotted(at)}: ${issue.message}` }];
}

/** SQL in a precondition is a question, parsed before anything runs. */
async function sqlProblems(read: Precondition, path: Path): Promise<PreconditionProblem[]> {
  if (read.type === "CustomSQL") {
    const at = [...path, "sql"];
    const script = await parsed(read.sql);
    if (typeof script === "string") {
      return [{ path: at, message: `${dotted(at)}: ${script} (parameters are written $1, $2)` }];
    }
    const [statement, more] = script.statements;
    const isQuestion = statement?.kind === "SelectStmt" && more === undefined;
    return isQuestion ? [] : [{ path: at, message: `${dotted(at)} must be one SELECT` }];
  }
  if (read.type !== "ColumnType") return [];
  const script = await parsed(nullOf(read.expected_type));
  if (typeof script !== "string" && isCastOfNull(script)) return [];
  const at = [...path, "expected_type"];
  return [{ path: at, message: `${dotted(at)}: ${read.expected_type} is not a type` }];
}

const parsed = (text: string): Promise<Script | string> =>
  parseScript({ text }, "MIGR_102").catch((error: unknown) => {
    if (error instanceof ConfitureError) return error.message;
    throw error;
  });

const CAST_ONLY: ReadonlySet<string> = new Set(["targetList", "limitCount", "limitOption", "op"]);

/** Whether nothing but a type's name stands in the text that `nullOf` makes of it. */
function isCastOfNull({ statements: [statement, more] }: Script): boolean {
  if (statement?.kind !== "SelectStmt" || more !== undefined) return false;
  const select = statement.node as Node;
  const [target, second] = nodesOf(select["targetList"]);
  const cast = unwrap(unwrap(target, "ResTarget")?.["val"], "TypeCast");
  const isOfNull = unwrap(cast?.["arg"], "A_Const")?.["isnull"] === true;
  return isOfNull && second === undefined && Object.keys(select).every((key) => CAST_ONLY.has(key));
}
