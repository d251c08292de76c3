import * as z from "zod";
import { init, initOutput } from "../../../coordinate/init.ts";
import { defineCommand } from "../../command.ts";
import { coordinationFlags, openCoordination } from "../../coordination.ts";

export const command = defineCommand({
  path: "coordinate init",
  summary: "Make the tables of coordination, and take over those of the old tool",
  options: z.object(coordinationFlags),
  output: initOutput,
  run: async (context, options) => init(await openCoordination(context, options, "writes")),
  text: ({ created, taken_over: taken, views }) =>
    [
      created
        ? "Made the tables of coordination in schema confiture."
        : "The tables of coordination are there.",
      ...taken.map(
        ({ table, renamed_to: renamed, rows }) =>
          `Took over ${rows} row(s) of ${table}, which is now called ${renamed}.`,
      ),
      `Views for readers of the old tool: ${views.join(", ")}`,
    ].join("\n"),
});
