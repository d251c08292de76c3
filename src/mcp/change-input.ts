import * as z from "zod";
import { Connection } from "../pg/connection.ts";
import type { Target } from "../migrate/target.ts";
import { changeOfTexts } from "../workflows/coordinate/change.ts";
import type { ChangeRequest } from "../workflows/coordinate/register.ts";
import { configuredSide } from "../workflows/sides/ddl-side.ts";
import type { Call } from "./tool.ts";

/** What an agent will change; SQL alone, as no tool takes a path. */
export const changeInput = z.strictObject({
  agent: z.string().describe("Who you are; the same each time"),
  feature: z.string(),
  sql: z.string().describe("All DDL and DML, in order"),
});

export async function changeRequestOf(
  { project }: Call,
  { agent, feature, sql }: z.infer<typeof changeInput>,
): Promise<ChangeRequest> {
  return {
    agentId: agent,
    featureName: feature,
    change: await changeOfTexts([sql]),
    schema: project.schema === undefined ? null : configuredSide(project.sides),
    scratch: project.scratch,
  };
}

/** Lends a session of coordination to one call. */
export async function withCoordination<T>(target: Target, work: (db: Connection) => Promise<T>): Promise<T> {
  await using db = await Connection.open(target.url, { ...target, applicationName: "confiture coordinate" });
  return await work(db);
}
