import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { type LinkedSnapshot, readLinkedSnapshot } from "../schema/snapshot.ts";
import { loadParser } from "../sql/parse.ts";
import { sql } from "../sql/tag.ts";
import { changeText } from "./change.ts";
import { compare } from "./compare.ts";
import { runMeasured } from "./measure.ts";
import { type PlanOptions, planSteps, type Step } from "./plan.ts";

/** What a plan leaves to later rounds is settled by the second or third; more would not end. */
const MAX_ROUNDS = 5;

const SHOWN = 10;

/**
 * A plan from what `db` holds to another snapshot, made by running it there: steps, read back, further steps for what
 * they brought about by themselves, until nothing differs. `db` is a scratch copy, and is changed. Throws DIFFER_404
 * or DIFFER_405 for what cannot be planned, DIFFER_406 when a step fails or a difference stays.
 */
export async function provePlan(
  db: Connection,
  from: LinkedSnapshot,
  to: LinkedSnapshot,
  options: PlanOptions = {},
): Promise<Step[]> {
  await loadParser();
  const steps: Step[] = [];
  let current = from;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const more = planSteps(current, to, options);
    if (more.length === 0) break;
    steps.push(...(await runSteps(db, more, steps.length)));
    current = await readLinkedSnapshot(db, { builder: db.server.user });
  }
  const left = compare(current, to);
  if (left.length > 0) {
    const lines = changeText(left).split("\n");
    throw new ConfitureError("DIFFER_406", `The plan leaves ${lines.length} difference(s): ${lines[0]}`, {
      details: { differences: lines.slice(0, SHOWN), steps: steps.map((step) => step.sql) },
    });
  }
  return steps;
}

/** Each in the transaction it can live in. Bodies of functions are not checked, as what they use may come later. */
export async function runSteps(db: Connection, steps: readonly Step[], done = 0): Promise<Step[]> {
  const ran: Step[] = [];
  await db.run(sql`set check_function_bodies = off`);
  for (const [i, step] of steps.entries()) {
    try {
      ran.push(await runMeasured(db, step));
    } catch (error) {
      if (!(error instanceof ConfitureError)) throw error;
      throw new ConfitureError(
        "DIFFER_406",
        `Step ${done + i + 1} fails (${step.object}): ${error.message}`,
        {
          details: { ...error.context.details, step: step.sql, object: step.object },
          cause: error,
        },
      );
    }
  }
  return ran;
}
