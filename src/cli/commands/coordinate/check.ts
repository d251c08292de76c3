import * as z from "zod";
import { ConfitureError } from "../../../base/errors.ts";
import { checkOutput, type CheckResult } from "../../../coordinate/check.ts";
import { checkChange, checkProven } from "../../../workflows/coordinate/register.ts";
import { baseFlag, baseOf, changeFlags, changeRequestOf } from "../../change-flags.ts";
import { defineCommand } from "../../command.ts";
import { openCoordination } from "../../coordination.ts";
import { conflictTexts } from "../../intent-text.ts";

export const command = defineCommand({
  path: "coordinate check",
  summary: "Say who would be in the way of a change just now; writes nothing",
  options: z.object({
    prove: z
      .boolean()
      .optional()
      .describe("Run both orders with each intent in the way on scratch databases, and let that decide"),
    ...baseFlag,
    ...changeFlags,
  }),
  output: checkOutput,
  run: async (context, options) => {
    const request = await changeRequestOf(context, options);
    if (options.base !== undefined && options.prove !== true)
      throw new ConfitureError("CONFIG_008", "--base changes nothing without --prove");
    const db = await openCoordination(context, options, "reads");
    return options.prove === true
      ? checkProven(db, request, await baseOf(context, options))
      : checkChange(db, request);
  },
  text: ({ conflicts, proofs }) =>
    [
      ...(conflicts.length === 0 ? ["Nobody is in the way."] : conflictTexts(conflicts)),
      ...(proofs ?? []).map(proofText),
    ].join("\n"),
  exit: ({ conflicts }) => (conflicts.some(({ severity }) => severity === "error") ? 1 : 0),
});

const proofText = ({ agent_b: agent, relation, unproven }: NonNullable<CheckResult["proofs"]>[number]) =>
  unproven.length === 0
    ? `proven with ${agent}: ${relation}`
    : `both orders lead to the same with ${agent}, but for rows that the base does not have: ${relation}`;
