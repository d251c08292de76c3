import * as z from "zod";
import type { Classified } from "../migrate/classify.ts";
import { statementFacts } from "../sql/facts.ts";
import { greatest, type Impact, LOCKS, TIERS, WORK } from "../sql/impact.ts";
import { beginningOf } from "../sql/statement-text.ts";

export const changeSetSchema = z.object({
  contract_version: z.literal(1),
  changes: z
    .array(
      z.object({
        kind: z.string().describe("The parser's name of the statement, e.g. AlterTableStmt"),
        object: z.string().nullable(),
        migration: z.string(),
        detail: z.string().describe("The statement's beginning"),
        tier: z.enum(TIERS).optional().describe("Mildest first; absent: not classified, to be denied"),
        lock: z
          .enum(LOCKS)
          .optional()
          .describe("The strongest on a relation that was there before; absent: none known"),
        rewrite: z.boolean().optional().describe("Whether a table is written anew; absent: not known"),
        duration: z
          .enum(["metadata", "seconds", "minutes+"])
          .optional()
          .describe("minutes+ where time grows with the rows of a table; absent: not known"),
      }),
    )
    .describe("One per statement; an entry without a tier is not classified and must be denied"),
});

type ChangeSet = z.infer<typeof changeSetSchema>;

/** What the pending migrations say they will do, statement by statement; a file that hides it is one entry. */
export const changeSetOf = (classified: readonly Classified[]): ChangeSet => ({
  contract_version: 1,
  changes: classified.map(({ migration, statement, impacts }) => {
    const { version } = migration;
    if (!statement) return { kind: "unknown", object: null, migration: version, detail: migration.upFile };
    const { defines, drops, uses } = statementFacts(statement);
    const object = [...defines, ...drops, ...uses][0];
    return {
      kind: statement.kind,
      object: object ? [object.schema, object.name].filter(Boolean).join(".") : null,
      migration: version,
      detail: beginningOf(statement, 120),
      ...profileOf(impacts),
    };
  }),
});

type Profile = Pick<ChangeSet["changes"][number], "tier" | "lock" | "rewrite" | "duration">;

/** The worst of a statement's actions. */
function profileOf(impacts: readonly Impact[]): Profile {
  const tier = greatest(
    TIERS,
    impacts.map((impact) => impact.tier),
  );
  const held = impacts.flatMap(({ locks }) => locks.map(([, level]) => level));
  const lock = LOCKS.findLast((level) => held.includes(level));
  return { ...(tier && { tier }), ...(lock && { lock }), ...workOf(impacts.map(({ work }) => work)) };
}

function workOf(works: readonly Impact["work"][]): Profile {
  const most = WORK.findLast((work) => works.includes(work));
  const isKnown = !works.includes(undefined);
  if (most === "rewrite") return { rewrite: true, duration: "minutes+" };
  if (most === "scan") return { ...(isKnown && { rewrite: false }), duration: "minutes+" };
  return isKnown ? { rewrite: false, duration: most === "rows" ? "seconds" : "metadata" } : {};
}
