import { registerOutput } from "../../coordinate/register.ts";
import { registerChange } from "../../workflows/coordinate/register.ts";
import { changeInput, changeRequestOf, withCoordination } from "../change-input.ts";
import { defineTool, writeTarget } from "../tool.ts";

export const registerTool = defineTool({
  name: "register",
  description: "Say that you will change the schema so: others learn of it, and you who is in the way.",
  input: changeInput,
  output: registerOutput.schema,
  writes: true,
  async run(call, input) {
    const request = await changeRequestOf(call, input);
    return withCoordination(await writeTarget(call), (db) => registerChange(db, request));
  },
});
