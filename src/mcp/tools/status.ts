import * as z from "zod";
import { status, statusOutput } from "../../migrate/status.ts";
import { defineTool, readTarget } from "../tool.ts";
import { withoutQuoted } from "../tool-result.ts";

export const statusTool = defineTool({
  name: "status",
  description: "Which migrations are applied, pending or stopped half-way.",
  input: z.strictObject({}),
  output: statusOutput.schema,
  writes: false,
  async run(call) {
    const result = await status(await readTarget(call));
    const half_done = result.half_done.map((one) => ({
      ...one,
      error: one.error === null ? null : withoutQuoted(one.error),
    }));
    return { ...result, half_done };
  },
});
