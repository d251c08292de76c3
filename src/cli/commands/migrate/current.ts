import * as z from "zod";
import { current, currentOutput } from "../../../migrate/current.ts";
import { defineCommand } from "../../command.ts";
import { databaseFlags, openTarget } from "../../database.ts";

export const command = defineCommand({
  path: "migrate current",
  summary: "Print the newest applied revision; writes nothing",
  options: z.object(databaseFlags),
  output: currentOutput,
  run: async (context, options) =>
    current(await openTarget(context, { ...options, migrationsDir: "" }, "reads")),
  text: ({ revision }) => revision ?? "",
});
