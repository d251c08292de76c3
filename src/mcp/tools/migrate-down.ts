import * as z from "zod";
import { downTo, downToOutput } from "../../migrate/down-to.ts";
import { defineTool, writeTarget } from "../tool.ts";

export const migrateDown = defineTool({
  name: "migrate_down",
  description: "Roll migrations back as a plan said.",
  input: z.strictObject({ plan: z.string().describe("Hash from plan") }),
  output: downToOutput.schema,
  writes: true,
  async run(call, { plan }) {
    const { to, onWork } = call.plans.redeem(plan, "down");
    return downTo(await writeTarget(call), to!, { onWork });
  },
});
