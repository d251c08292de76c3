import * as z from "zod";
import { describeDatabase, descriptionOutput } from "../../workflows/describe-database.ts";
import { partOf } from "../part-of.ts";
import { defineTool, readTarget } from "../tool.ts";

export const introspectTool = defineTool({
  name: "introspect",
  description: "Columns, keys and every object of a table, view, type or routine, or of a whole schema.",
  input: z.strictObject({
    name: z.string().min(1).default("public").describe("schema, name or schema.name"),
  }),
  output: descriptionOutput.schema,
  writes: false,
  async run(call, { name }) {
    const everything = { schemas: undefined, prefix: "", hints: true };
    return partOf(await describeDatabase(await readTarget(call), everything), name);
  },
});
