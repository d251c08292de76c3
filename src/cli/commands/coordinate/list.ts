import { defineCommand } from "../../command.ts";
import { command as listIntents } from "./list-intents.ts";

export const command = defineCommand({
  ...listIntents,
  path: "coordinate list",
  summary: "Short name of list-intents",
});
