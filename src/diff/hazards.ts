import * as z from "zod";
import { type Impact, type Lock, LOCKS, type Work } from "../sql/impact.ts";
import { newerThings } from "../sql/least-major.ts";
import type { Node } from "../sql/node.ts";
import { parseScript } from "../sql/parse-script.ts";
import { statementImpacts } from "../sql/statement-impact.ts";
import type { Statement } from "../sql/script.ts";
import type { Measured } from "./measure.ts";
import type { Step } from "./plan.ts";

export const hazardSchema = z.object({
  hazard: z.enum(["lock", "rewrite", "scan", "data-loss", "version", "unknown"]),
  /** What it is about: the locked relation, the object whose rows go. */
  object: z.string().nullable(),
  lock: z.enum(LOCKS).nullable().describe("For a lock: its level"),
  effect: z.string().describe("What running work notices"),
});

export type Hazard = Readonly<z.infer<typeof hazardSchema>>;

/** What a step may do to work that is running, where a new object has none, and which servers it is for. */
export async function hazardsOf(step: Step): Promise<Hazard[]> {
  const losses = step.loses.map((object): Hazard => {
    return { hazard: "data-loss", object, lock: null, effect: "rows or values are lost" };
  });
  const { statements } = await parseScript({ text: step.sql }, "DIFFER_406");
  const versions = versionHazards(step, statements);
  if (step.fresh) return [...losses, ...versions];
  const impacts = statements.flatMap((statement) => statementImpacts(statement));
  if (step.act === "take over") return takeOverHazards(step, impacts);
  return [...losses, ...lockHazards(impacts), ...workHazards(step, impacts), ...versions];
}

function versionHazards({ object, later }: Step, statements: readonly Statement[]): Hazard[] {
  const newer = statements.flatMap(({ kind, node }) => newerThings(kind, node as Node));
  const effects = newer.map(({ major, what }) => `needs PostgreSQL ${major} or later for ${what}`);
  if (later) effects.push(`PostgreSQL ${later.major} and later ${later.instead}`);
  return effects.map((effect) => ({ hazard: "version", object, lock: null, effect }));
}

const BLOCKS: Readonly<Record<Lock, string>> = {
  "ACCESS SHARE": "blocks nothing but ACCESS EXCLUSIVE",
  "ROW SHARE": "blocks no reads and no writes",
  "ROW EXCLUSIVE": "blocks no reads and no writes",
  "SHARE UPDATE EXCLUSIVE": "blocks no reads and no writes, but vacuum and other schema changes",
  SHARE: "blocks writes",
  "SHARE ROW EXCLUSIVE": "blocks writes",
  EXCLUSIVE: "blocks writes",
  "ACCESS EXCLUSIVE": "blocks reads and writes",
};

/** The strongest on each relation. */
function lockHazards(impacts: readonly Impact[]): Hazard[] {
  const strongest = new Map<string, Lock>();
  for (const [{ schema, name }, lock] of impacts.flatMap(({ locks }) => locks)) {
    const object = [schema, name].filter((part) => part !== undefined).join(".");
    const known = strongest.get(object);
    if (known === undefined || LOCKS.indexOf(known) < LOCKS.indexOf(lock)) strongest.set(object, lock);
  }
  return [...strongest].map(([object, lock]) => ({ hazard: "lock", object, lock, effect: BLOCKS[lock] }));
}

/** The lock is that of the step by which the table was set aside; where a sequence stands is nobody's business yet. */
const takeOverHazards = ({ object }: Step, impacts: readonly Impact[]): Hazard[] =>
  impacts.some(({ work }) => work === "scan")
    ? [{ hazard: "rewrite", object, lock: null, effect: "its rows are copied; the lock is held meanwhile" }]
    : [];

const WORK_HAZARDS: Readonly<Partial<Record<Work, Pick<Hazard, "hazard" | "effect">>>> = {
  rewrite: { hazard: "rewrite", effect: "the table is written anew; the lock is held meanwhile" },
  scan: { hazard: "scan", effect: "takes time that grows with the rows" },
};

function workHazards({ object, measured }: Step, impacts: readonly Impact[]): Hazard[] {
  const works = new Set(impacts.map(({ work }) => work));
  return [...works].flatMap((work): Hazard[] => {
    if (work === undefined && measured) return measuredHazards(measured);
    if (work === undefined)
      return [{ hazard: "unknown", object, lock: null, effect: "what it does to running work is not known" }];
    const found = WORK_HAZARDS[work];
    return found ? [{ ...found, object, lock: null }] : [];
  });
}

function measuredHazards({ rewritten, rebuilt, scanned }: Measured): Hazard[] {
  const hazards = (hazard: "rewrite" | "scan", objects: readonly string[], effect: string) =>
    objects.map((object): Hazard => ({
      hazard,
      object,
      lock: null,
      effect: `${effect}; the lock is held meanwhile`,
    }));
  return [
    ...hazards("rewrite", rewritten, "the table is written anew"),
    ...hazards("scan", rebuilt, "the index is built anew"),
    ...hazards("scan", scanned, "all rows are read"),
  ];
}
