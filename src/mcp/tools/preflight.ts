import * as z from "zod";
import { preflight, preflightOutput } from "../../workflows/preflight.ts";
import { defineTool } from "../tool.ts";

export const preflightTool = defineTool({
  name: "preflight",
  description:
    "Rehearse the migrations on a scratch copy, check what is pending, compare the result with the DDL files.",
  input: z.strictObject({}),
  output: preflightOutput.schema,
  writes: false,
  run: async ({ project, signal }) =>
    preflight({
      target: { ...project.target, signal },
      trackingUrl: await project.url(),
      replication: project.replication,
      schema: project.schema,
      rules: await project.rules(),
      scratch: project.scratch,
    }),
});
