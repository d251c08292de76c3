import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { downTo } from "../../migrate/down-to.ts";
import { up, upOutput } from "../../migrate/up.ts";
import type { OnWork, Work } from "../../migrate/work.ts";
import { describeTarget } from "../../pg/dsn.ts";
import { type Course, fingerprintOf } from "../plans.ts";
import { type Call, defineTool, readTarget } from "../tool.ts";

const output = z.object({
  plan: z
    .string()
    .nullable()
    .describe("For migrate_up or migrate_down, once; null when there is nothing to do"),
  expires_at: z.string().nullable(),
  database: z.string(),
  direction: z.enum(["up", "down"]),
  to: z.string().nullable(),
  migrations: upOutput.schema.shape.migrations.describe("In the order they would run"),
  repeatables: z.array(z.string()),
  warnings: z.array(z.string()),
});

export const planTool = defineTool({
  name: "plan",
  description:
    "What migrate_up, or migrate_down to a version, would run on the database; gives the plan hash that they need, good for 10 minutes and once.",
  input: z.strictObject({
    direction: z.enum(["up", "down"]),
    to: z
      .string()
      .optional()
      .describe("Version: the last to apply; for down the one to go back to, required"),
  }),
  output,
  writes: true,
  async run(call, { direction, to = null }) {
    const course = { direction, to };
    const target = await readTarget(call);
    const seen: { work?: Work; fingerprint?: string } = {};
    const dry = await dryRun(call, course, async (work, db) => {
      Object.assign(seen, { work, fingerprint: await fingerprintOf(course, work, db) });
    });
    const { migrations = [], repeatables = [] } = seen.work ?? {};
    const isIdle = migrations.length + repeatables.length === 0;
    const issued = isIdle ? undefined : call.plans.issue(course, seen.fingerprint!);
    return {
      plan: issued?.hash ?? null,
      expires_at: issued?.expires_at ?? null,
      database: describeTarget(target.url, target.environment),
      ...course,
      migrations: dry.migrations,
      repeatables: repeatables.map(({ path }) => path),
      warnings: "warnings" in dry ? dry.warnings : [],
    };
  },
});

async function dryRun(call: Call, { direction, to }: Course, onWork: OnWork) {
  const target = await readTarget(call);
  if (direction === "up") return up(target, { dryRun: true, target: to ?? undefined, onWork });
  if (to !== null) return downTo(target, to, { dryRun: true, onWork });
  throw new ConfitureError("CONFIG_008", "plan needs `to` for down: the version to go back to");
}
