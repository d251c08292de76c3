import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { type Change, changeText } from "../diff/change.ts";
import { hazardSchema, hazardsOf } from "../diff/hazards.ts";
import { type PlanOptions, type Step } from "../diff/plan.ts";
import { provePlan } from "../diff/prove.ts";
import { followNames } from "../diff/follow-names.ts";
import { applyRenames, changesWith, inverted, type Rename } from "../diff/renames.ts";
import { segmentsOf } from "../diff/script.ts";
import { ACTS } from "../diff/tasks.ts";
import { Connection } from "../pg/connection.ts";
import { type LinkedSnapshot, readLinkedSnapshot, rolesIn } from "../schema/snapshot.ts";
import { makeRoles } from "../scratch/roles.ts";
import type { ScratchDatabase, ScratchServer } from "../scratch/scratch.ts";
import { type KeywordCase, withKeywords } from "../sql/keywords.ts";
import { loadParser } from "../sql/parse.ts";
import { askedRenames, type AskName } from "./asked-renames.ts";
import { declaredRenames } from "./declared-renames.ts";
import type { Sides } from "./sides/open-sides.ts";
import type { OpenSide } from "./sides/side.ts";

const stepSchema = z.object({
  sql: z.string(),
  kind: z.string(),
  object: z.string().describe("Kind and name of what it is done to"),
  part_of: z.string().nullable().describe("What that is a part of in the end, e.g. its table"),
  act: z.enum(["rename", ...ACTS]),
  transaction: z.int().nullable().describe("Number of the transaction it runs in, from 1; null for none"),
  hazards: z.array(hazardSchema),
  measured: z
    .boolean()
    .describe(
      "What it goes through was seen in the proof, as the statement does not tell: rewrite, scan or neither",
    ),
});

export const planSchema = z.object({
  steps: z.array(stepSchema),
  down: z.array(stepSchema).describe("Steps of the way back"),
  data_loss: z.array(z.string()).describe("Objects whose rows or values are lost on the way up"),
  proof: z.object({
    postgresql: z.int().describe("Major version of the scratch server it was run on"),
    up: z.literal("proven").describe("Run on a copy of `from`, it led to `to`"),
    down: z.literal("proven").describe("Run after it, the way back led to `from`"),
  }),
});

export type ProvenPlan = z.infer<typeof planSchema>;

/** Both ways as they were run. */
export interface ProvenSteps {
  readonly up: readonly Step[];
  readonly down: readonly Step[];
  /** What turns `from` into `to`, where it was renamed first. */
  readonly changes: Change[];
  readonly renames: readonly Rename[];
}

export interface ProveOptions extends PlanOptions {
  /** As flags say, e.g. `table:old=new`. */
  readonly renames?: readonly string[] | undefined;
  /** Asked what has another name that nobody declared; without it nothing has. */
  readonly askName?: AskName | undefined;
  /** How keywords are printed; default lower. */
  readonly keywords?: KeywordCase | undefined;
}

/**
 * The steps from one side to the other and back, proven on a scratch copy of `from`; a live database is made again
 * there from its snapshot. Throws DIFFER_404 to DIFFER_406, DIFFER_410,
 * SCRATCH_001.
 */
export async function proveBothWays(
  { from, to, scratch: openScratch }: Sides<LinkedSnapshot>,
  options: ProveOptions,
): Promise<ProvenSteps> {
  const scratch = await openScratch();
  await using database = await copyOf(from, scratch);
  await using db = await Connection.open(database.url);
  if (scratch.ours)
    await makeRoles(
      db,
      [from, to].flatMap(({ snapshot }) => rolesIn(snapshot)),
    );
  const declared = await renamesOf({ from, to }, options);
  const before = await readHere(db);
  const named = await followNames(db, await applyRenames(db, before, declared), to.snapshot);
  const changes = changesWith(named, to.snapshot);
  const { renames } = named;
  try {
    const planned = await provePlan(db, named.snapshot, to.snapshot, options);
    const up = await spelled([...named.steps, ...planned], options);
    const down = await planBack(db, { before, renames }, options);
    return { up, down, changes, renames };
  } catch (error) {
    throw error instanceof ConfitureError ? withChanges(error, changes) : error;
  }
}

async function renamesOf(
  { from, to }: Pick<Sides<LinkedSnapshot>, "from" | "to">,
  { renames = [], askName }: ProveOptions,
): Promise<readonly Rename[]> {
  const declared = await declaredRenames({ from, to }, renames);
  return askName ? askedRenames({ from: from.snapshot, to: to.snapshot }, declared, askName) : declared;
}

/** The way back from where `db` stands to what it was, with the old names first. */
export async function planBack(
  db: Connection,
  { before, renames }: { readonly before: LinkedSnapshot; readonly renames: readonly Rename[] },
  options: ProveOptions,
): Promise<Step[]> {
  const { steps, snapshot } = await applyRenames(db, await readHere(db), inverted(renames));
  return spelled([...steps, ...(await provePlan(db, snapshot, before, options))], options);
}

/** The same steps with their keywords in one case, which changes nothing of what was proven. */
async function spelled(steps: readonly Step[], { keywords = "lower" }: ProveOptions): Promise<Step[]> {
  await loadParser();
  return steps.map((step) => ({ ...step, sql: withKeywords(step.sql, keywords) }));
}

const SHOWN = 20;

/** An error about a plan says what differs. */
function withChanges(error: ConfitureError, changes: readonly Change[]): ConfitureError {
  const lines = changeText(changes).split("\n");
  return error.with({ details: { changes: lines.slice(0, SHOWN), changes_total: lines.length } });
}

export const readHere = (db: Connection): Promise<LinkedSnapshot> =>
  readLinkedSnapshot(db, { builder: db.server.user });

/** A scratch database that is this side. */
export async function copyOf(
  side: OpenSide<LinkedSnapshot>,
  scratch: ScratchServer,
): Promise<ScratchDatabase> {
  const copy = await side.copy();
  if (copy !== null) return copy;
  const database = await scratch.create();
  try {
    await using db = await Connection.open(database.url);
    if (scratch.ours) await makeRoles(db, rolesIn(side.snapshot));
    await provePlan(db, await readHere(db), side.snapshot, { online: false });
    return database;
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error instanceof ConfitureError
      ? error.with({ details: { ...error.context.details, rebuilding: side.snapshot.database } })
      : error;
  }
}

/** The plan as a result. */
export async function describePlan(
  { up, down }: Pick<ProvenSteps, "up" | "down">,
  major: number,
): Promise<ProvenPlan> {
  return {
    steps: await describeSteps(up),
    down: await describeSteps(down),
    data_loss: [...new Set(up.flatMap(({ loses }) => loses))],
    proof: { postgresql: major, up: "proven", down: "proven" },
  };
}

async function describeSteps(steps: readonly Step[]): Promise<ProvenPlan["steps"]> {
  const described: ProvenPlan["steps"] = [];
  let number = 0;
  for (const { transactional, steps: own } of segmentsOf(steps)) {
    const transaction = transactional ? ++number : null;
    for (const step of own) {
      const { sql, kind, object, partOf: part_of, act } = step;
      const hazards = await hazardsOf(step);
      const measured = step.measured !== undefined;
      described.push({ sql, kind, object, part_of, act, transaction, hazards, measured });
    }
  }
  return described;
}
