import { readFile } from "node:fs/promises";
import { ConfitureError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import type { Connection } from "../../pg/connection.ts";
import { decodeUtf8 } from "../../sql/decode-utf8.ts";
import { sql } from "../../sql/tag.ts";
import { type Precondition, PRECONDITION_TYPES } from "./precondition-types.ts";
import { preconditionsOf, type PreconditionProblem } from "./precondition-values.ts";

export type { Precondition, PreconditionInput } from "./precondition-types.ts";

/** What must hold before a migration goes up, and before it goes down. */
export interface Preconditions {
  readonly up: readonly Precondition[];
  readonly down: readonly Precondition[];
}

const SIDECAR_KEYS = ["up_preconditions", "down_preconditions"] as const;

/**
 * Read the YAML sidecar of an SQL migration, every SQL in it parsed.
 * Throws CONFIG_004 when it cannot be read, MIGR_102 with all problems and the line of the first.
 */
export async function readPreconditions(file: string): Promise<Preconditions> {
  const { parseYaml } = await import("../../base/yaml-file.ts");
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new ConfitureError("CONFIG_004", `${file} cannot be read: ${cause.message}`, { file, cause });
  });
  const text = decodeUtf8(bytes, file, "MIGR_102");
  const { value, lineOf } = parseYaml(text, (problems) => sidecarError(file, problems));
  const problems: PreconditionProblem[] = Object.keys(value).flatMap(unknownKey);
  const up = await preconditionsOf(value["up_preconditions"], ["up_preconditions"], problems);
  const down = await preconditionsOf(value["down_preconditions"], ["down_preconditions"], problems);
  if (problems.length === 0) return { up, down };
  throw sidecarError(
    file,
    problems.map(({ path, message }) => ({ line: lineOf(path), message })),
  );
}

function unknownKey(key: string): PreconditionProblem[] {
  if ((SIDECAR_KEYS as readonly string[]).includes(key)) return [];
  const advice = nearest(key, SIDECAR_KEYS) ?? SIDECAR_KEYS.join(" and ");
  return [{ path: [key], message: `${key} is not a known key; there is ${advice}` }];
}

interface SidecarProblem {
  readonly line: number;
  readonly message: string;
  readonly pointer?: string | undefined;
}

function sidecarError(file: string, problems: readonly SidecarProblem[]): ConfitureError {
  const sorted = problems.toSorted((a, b) => a.line - b.line);
  const message = sorted.map((problem) => `line ${problem.line}: ${problem.message}`).join("; ");
  return new ConfitureError("MIGR_102", `${file} is not a valid sidecar: ${message}`, {
    file,
    line: sorted[0]?.line,
    pointer: sorted[0]?.pointer,
    details: { problems: sorted.map(({ line, message }) => ({ line, message })) },
    actionable: "Correct the lines named; FORMATS.md lists the preconditions.",
  });
}

/** Whose preconditions they are. */
export interface PreconditionContext {
  readonly migration: string;
  readonly file: string;
}

/**
 * Ask the database whether all of them hold; writes nothing, in an open transaction as outside of one.
 * Throws PRECON_1000 with every one that does not in `details.failed`.
 */
export async function requirePreconditions(
  db: Connection,
  preconditions: readonly Precondition[],
  context: PreconditionContext,
): Promise<void> {
  const failed: { readonly message: string }[] = [];
  for (const precondition of preconditions) {
    const message = await failureOf(db, precondition);
    if (message !== undefined) failed.push({ ...reported(precondition), message });
  }
  if (failed.length === 0) return;
  const [first] = failed;
  const all = failed.map(({ message }) => message).join("; ");
  const text = failed.length === 1 ? first!.message : `${failed.length} preconditions are not met: ${all}`;
  throw new ConfitureError("PRECON_1000", `migration ${context.migration} is not run: ${text}`, {
    ...context,
    details: { failed },
  });
}

/** What a report may show: parameters can be data. */
const reported = (precondition: Precondition): object =>
  Object.fromEntries(Object.entries(precondition).filter(([key]) => key !== "params"));

/** Why it does not hold; what the server refuses to answer does not. */
async function failureOf(db: Connection, precondition: Precondition): Promise<string | undefined> {
  try {
    return await readOnly(db, () => check(db, precondition));
  } catch (error) {
    if (!(error instanceof ConfitureError) || error.code !== "SQL_001") throw error;
    return `${precondition.type} cannot be judged: ${error.message}`;
  }
}

/** One type's own check; the table pairs each type with the arguments that were read for it. */
const check = (db: Connection, { type, ...wanted }: Precondition): Promise<string | undefined> =>
  (PRECONDITION_TYPES[type].check as (db: Connection, wanted: object) => Promise<string | undefined>)(
    db,
    wanted,
  );

/** In a transaction of its own, or in a savepoint of the open one that is rolled back in any case. */
async function readOnly<T>(db: Connection, work: () => Promise<T>): Promise<T> {
  if (db.transactionStatus === "I") return db.transaction(work, sql`read only`);
  await db.run(sql`savepoint confiture_precondition; set transaction read only`);
  try {
    return await work();
  } finally {
    await db.run(sql`rollback to savepoint confiture_precondition; release savepoint confiture_precondition`);
  }
}
