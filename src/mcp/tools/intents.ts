import * as z from "zod";
import { overview, statusOf, statusOutput } from "../../coordinate/status.ts";
import { withCoordination } from "../change-input.ts";
import { defineTool, readTarget } from "../tool.ts";

export const intentsTool = defineTool({
  name: "intents",
  description: "Who intends to change what in the schema, and their conflicts; or one intent.",
  input: z.strictObject({ id: z.string().optional() }),
  output: statusOutput.schema,
  writes: false,
  async run(call, { id }) {
    const target = await readTarget(call);
    return withCoordination(target, async (db) => (id === undefined ? overview(db, {}) : statusOf(db, id)));
  },
});
