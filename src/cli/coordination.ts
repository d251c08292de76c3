import { Connection } from "../pg/connection.ts";
import type { Context } from "./command.ts";
import { databaseFlags, resolveFlags, urlOf } from "./database.ts";

/** Flags of every command of `coordinate`. */
export const coordinationFlags = databaseFlags;

/** The session of a command of `coordinate`, which ends with the command. */
export async function openCoordination(
  context: Context,
  options: Parameters<typeof resolveFlags>[1],
  command: "reads" | "writes",
): Promise<Connection> {
  const url = (await urlOf(context, await resolveFlags(context, options, { command })))!;
  const { environment, signal } = context;
  const db = await Connection.open(url, {
    environment,
    signal,
    applicationName: "confiture coordinate",
  });
  context.afterwards(() => db.close());
  return db;
}
