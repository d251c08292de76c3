import { checkOutput } from "../../coordinate/check.ts";
import { checkChange } from "../../workflows/coordinate/register.ts";
import { changeInput, changeRequestOf, withCoordination } from "../change-input.ts";
import { defineTool, readTarget } from "../tool.ts";

export const checkTool = defineTool({
  name: "check",
  description: "Who would be in the way of a schema change now. Ask before you write it.",
  input: changeInput,
  output: checkOutput.schema.omit({ footprint: true }),
  writes: false,
  async run(call, input) {
    const request = await changeRequestOf(call, input);
    return withCoordination(await readTarget(call), (db) => checkChange(db, request));
  },
});
