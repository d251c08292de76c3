import * as z from "zod";
import { up, upOutput } from "../../migrate/up.ts";
import { defineTool, writeTarget } from "../tool.ts";

export const migrateUp = defineTool({
  name: "migrate_up",
  description: "Apply migrations as a plan said.",
  input: z.strictObject({ plan: z.string().describe("Hash from plan") }),
  output: upOutput.schema,
  writes: true,
  async run(call, { plan }) {
    const { to, onWork } = call.plans.redeem(plan, "up");
    return up(await writeTarget(call), { target: to ?? undefined, onWork });
  },
});
