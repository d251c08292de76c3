import * as z from "zod";
import { defineOutput } from "../../base/output.ts";
import { type CommandWords, completionScript } from "../completion-script.ts";
import { defineCommand } from "../command.ts";
import { flagsOf } from "../options.ts";

export const command = defineCommand({
  path: "completion",
  summary: "Print a completion script for bash, zsh or fish",
  arguments: [{ name: "shell", required: true }],
  options: z.object({ shell: z.enum(["bash", "zsh", "fish"]).describe("The shell") }),
  output: defineOutput("completion", 1, z.object({ shell: z.string(), script: z.string() })),
  run: async (_context, { shell }) => {
    const { COMMANDS } = await import("./index.ts");
    const words: CommandWords[] = [];
    for (const [path, load] of Object.entries(COMMANDS)) {
      const flags = flagsOf((await load()).command).map((flag) => flag.long!);
      words.push({ path, flags: [...flags, "--format", "--help"] });
    }
    return { shell, script: completionScript(shell, words) };
  },
  text: ({ script }) => script,
});
