import { defineCommand } from "../command.ts";
import { command as verifyChecksums } from "./verify-checksums.ts";

export const command = defineCommand({
  ...verifyChecksums,
  path: "verify",
  summary: "Old name of verify-checksums",
  run: async (context, options) => {
    context.log.warn("`confiture verify` is now called `confiture verify-checksums`");
    return verifyChecksums.run(context, options);
  },
});
