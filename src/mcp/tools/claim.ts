import * as z from "zod";
import { claim, claimOutput } from "../../coordinate/claim.ts";
import { withCoordination } from "../change-input.ts";
import { defineTool, writeTarget } from "../tool.ts";

export const claimTool = defineTool({
  name: "claim",
  description: "Take objects for your intent, all or none; by default what its own SQL touches.",
  input: z.strictObject({
    intent: z.string(),
    exclusive: z.array(z.string()).optional().describe("e.g. public.users.email"),
    shared: z.array(z.string()).optional(),
    wait_seconds: z.number().min(0).max(60).optional(),
  }),
  output: claimOutput.schema,
  writes: true,
  async run(call, { intent, exclusive, shared, wait_seconds: seconds = 0 }) {
    const target = await writeTarget(call);
    const options = { exclusive, shared, waitMs: seconds * 1000, signal: call.signal };
    return withCoordination(target, (db) => claim(db, intent, options));
  },
});
