import * as z from "zod";
import { diff, diffOutput } from "../../workflows/diff.ts";
import { configuredSide } from "../../workflows/sides/ddl-side.ts";
import { liveSide } from "../../workflows/sides/live-side.ts";
import { parseSide } from "../../workflows/sides/parse-side.ts";
import type { Side } from "../../workflows/sides/side.ts";
import { type Call, defineTool, readTarget } from "../tool.ts";

const side = z
  .string()
  .regex(
    /^(schema|migrations|database|git:[^:\s-][^:\s]*)$/,
    "is none of schema, migrations, database, git:REF",
  );

export const diffTool = defineTool({
  name: "diff",
  description:
    "What differs between two of: schema (DDL files), migrations, database, git:REF (DDL files there). With plan: proven SQL from one to the other.",
  input: z.strictObject({ from: side, to: side, plan: z.boolean().optional() }),
  output: diffOutput.schema,
  writes: false,
  run: async (call, { from, to, plan = false }) =>
    diff(await sideOf(call, from), await sideOf(call, to), { scratch: call.project.scratch, plan }),
});

async function sideOf(call: Call, word: string): Promise<Side> {
  const { sides } = call.project;
  const place = { ...sides, target: { ...sides.target, signal: call.signal } };
  if (word === "database") return liveSide(await readTarget(call));
  return word === "schema" ? configuredSide(place) : parseSide(word, place);
}
