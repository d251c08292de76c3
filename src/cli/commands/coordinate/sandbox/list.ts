import * as z from "zod";
import { listOutput } from "../../../../coordinate/sandbox/sandbox.ts";
import { listSandboxes } from "../../../../coordinate/sandbox/sandboxes.ts";
import { defineCommand } from "../../../command.ts";
import { sandboxFlags, sandboxPlace } from "../../../sandbox-flags.ts";
import { table } from "../../../table.ts";

export const command = defineCommand({
  path: "coordinate sandbox list",
  summary: "Show the sandboxes of this machine, or of the named server",
  options: z.object(sandboxFlags),
  output: listOutput,
  run: async (context, given) => listSandboxes((await sandboxPlace(context, given)).scratch),
  text: ({ sandboxes }) =>
    sandboxes.length === 0
      ? "No sandboxes."
      : table(
          ["name", "intent", "agent", "from", "kept until", "sessions"],
          sandboxes.map(({ name, intent, agent, from, expires_at, connections }) => [
            name,
            intent ?? "",
            agent ?? "",
            from,
            expires_at.replace("T", " ").slice(0, 16),
            String(connections),
          ]),
        ),
});
