import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { durationMs } from "../coordinate/intents/duration.ts";
import { Connection } from "../pg/connection.ts";
import type { Context } from "./command.ts";
import { databaseFlags, resolveFlags, urlOf } from "./database.ts";

/** Flags of every command of `coordinate`. */
export const coordinationFlags = databaseFlags;

/** Flags of the commands that change an intent. */
export const intentFlags = {
  intentId: z.string().describe("The intent"),
  agentId: z.string().optional().describe("Who says so, for the history; must be its own agent"),
  ...coordinationFlags,
};

/** The session of a command of `coordinate`, which ends with the command. */
export async function openCoordination(
  context: Context,
  options: Parameters<typeof resolveFlags>[1],
  command: "reads" | "writes",
): Promise<Connection> {
  const url = (await urlOf(context, await resolveFlags(context, options, { command })))!;
  const { environment, signal } = context;
  const db = await Connection.open(url, { environment, signal, applicationName: "confiture coordinate" });
  context.afterwards(() => db.close());
  return db;
}

/** Milliseconds of a flag such as `--ttl 30m`; throws CONFIG_008. */
export function durationOf(flag: string, text: string | undefined): number | undefined {
  const milliseconds = text === undefined ? undefined : durationMs(text);
  if (text === undefined || milliseconds !== undefined) return milliseconds;
  throw new ConfitureError("CONFIG_008", `${flag}: ${text} is no duration such as 90, 30m, 8h or 2d`);
}

/** A moment such as `2026-01-31` or `2026-01-31T08:00:00Z`; throws CONFIG_008. */
export function momentOf(flag: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const moment = new Date(text);
  if (!Number.isNaN(moment.getTime())) return moment;
  throw new ConfitureError(
    "CONFIG_008",
    `${flag}: ${text} is no date such as 2026-01-31 or 2026-01-31T08:00:00Z`,
  );
}
