import type { Tool } from "../tool.ts";
import { checkTool } from "./check.ts";
import { claimTool } from "./claim.ts";
import { diffTool } from "./diff.ts";
import { explainError } from "./explain-error.ts";
import { intentsTool } from "./intents.ts";
import { introspectTool } from "./introspect.ts";
import { migrateDown } from "./migrate-down.ts";
import { migrateUp } from "./migrate-up.ts";
import { planTool } from "./plan.ts";
import { preflightTool } from "./preflight.ts";
import { registerTool } from "./register.ts";
import { statusTool } from "./status.ts";

/** Every tool, alphabetical; the whole list has a limit of tokens, which a test counts. */
// oxlint-disable-next-line typescript/no-explicit-any -- input and result differ per tool
export const TOOLS: readonly Tool<any, any>[] = [
  checkTool,
  claimTool,
  diffTool,
  explainError,
  intentsTool,
  introspectTool,
  migrateDown,
  migrateUp,
  planTool,
  preflightTool,
  registerTool,
  statusTool,
];
